#include "bench/arrivals.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace std::chrono_literals;
using nd::bench::arrivals;

namespace {

constexpr arrivals::time_point begin_at{1000h};

std::vector<arrivals::time_point> first_of(double per_second, std::uint64_t seed, int count) {
    std::mt19937_64 random(seed);
    arrivals schedule(per_second, begin_at, random);
    std::vector<arrivals::time_point> made;
    for (int i = 0; i < count; ++i, schedule.advance())
        made.push_back(schedule.next());
    return made;
}

}  // namespace

TEST_CASE("requests come as often as asked, in the mean") {
    for (const double rate : {1.0, 50.0, 1430.0, 90'000.0}) {
        CAPTURE(rate);
        constexpr int count = 100'000;
        const auto all = first_of(rate, 3, count);
        const std::chrono::duration<double> took = all.back() - begin_at;
        CHECK(took.count() / count * rate == doctest::Approx(1).epsilon(0.02));
    }
}

TEST_CASE("gaps are those of independent users: a share of 1/e is longer than the mean") {
    const auto all = first_of(100, 4, 100'000);
    int longer = 0;
    for (std::size_t i = 1; i < all.size(); ++i)
        longer += all[i] - all[i - 1] > 10ms ? 1 : 0;
    CHECK(longer / 100'000.0 == doctest::Approx(std::exp(-1)).epsilon(0.02));
}

TEST_CASE("nothing is due before the beginning, nor before what was due before it") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        auto before = begin_at;
        for (const auto due : first_of(1e6, seed, 1000)) {
            CHECK(due >= before);
            before = due;
        }
    }
}

TEST_CASE("a seed makes the same schedule again, and another seed another one") {
    CHECK(first_of(500, 11, 1000) == first_of(500, 11, 1000));
    CHECK(first_of(500, 11, 1000) != first_of(500, 12, 1000));
}
