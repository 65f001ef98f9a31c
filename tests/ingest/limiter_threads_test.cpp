#include "ingest/limiter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using nd::ingest::limiter;
using nd::schema::limit_class;
using nd::schema::tenant_id;

namespace {

constexpr int thread_count = 8;

template <class F>
void on_all_threads(const F& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < thread_count; ++i)
        threads.emplace_back([&work, i] { work(i); });
    for (auto& thread : threads)
        thread.join();
}

tenant_id tenant(int number) {
    tenant_id id;
    id.value.bytes[0] = static_cast<std::uint8_t>(number);
    id.value.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    return id;
}

}  // namespace

TEST_CASE("eight threads at one tenant: exactly the limit is admitted") {
    for (const std::uint32_t places : {1U, 60U, 6000U}) {
        limiter limits;
        std::atomic<std::uint32_t> admitted{0};
        on_all_threads([&](int) {
            for (int i = 0; i < 2000; ++i) {
                if (limits.admit_now(tenant(1), limit_class::events, places).admitted) ++admitted;
            }
        });
        CHECK(admitted == places);
    }
}

TEST_CASE("eight threads that give back what they took leave every place free") {
    limiter limits;
    on_all_threads([&](int) {
        for (int i = 0; i < 2000; ++i)
            limits.give_back(limits.admit_now(tenant(1), limit_class::events, 5));
    });
    CHECK(limits.admit_now(tenant(1), limit_class::events, 5).remaining == 4);
}

TEST_CASE(
    "while tenants come and are forgotten, no minute of any tenant holds more than its limit") {
    // Time runs 60,000 times faster than the work, so that windows empty and tenants are swept away
    // under the threads' feet.
    std::atomic<std::int64_t> ticks{0};
    limiter limits{
        [&] { return limiter::clock::time_point(std::chrono::milliseconds(ticks += 7)); }};
    constexpr int tenants = 300;
    constexpr std::size_t places = 3;
    std::vector<std::vector<limiter::clock::time_point>> stamps(thread_count * tenants);
    on_all_threads([&](int thread) {
        for (int i = 0; i < 20'000; ++i) {
            // Bursts at a few tenants, then silence for them: some are idle when the sweep comes
            // by.
            const int who = (i / 50 * 7 + i % 3) % tenants;
            const auto taken = limits.admit_now(tenant(who), limit_class::events, places);
            if (taken.admitted)
                stamps[static_cast<std::size_t>(thread * tenants + who)].push_back(taken.stamp);
        }
    });
    CHECK(limits.tenants() < tenants);
    for (int who = 0; who < tenants; ++who) {
        std::vector<limiter::clock::time_point> all;
        for (int thread = 0; thread < thread_count; ++thread) {
            const auto& some = stamps[static_cast<std::size_t>(thread * tenants + who)];
            all.insert(all.end(), some.begin(), some.end());
        }
        std::sort(all.begin(), all.end());
        for (std::size_t i = places; i < all.size(); ++i)
            REQUIRE(all[i] - all[i - places] >= 60s);
    }
}
