#include "bench/load.hpp"

#include "tests/bench/load_support.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

using namespace std::chrono_literals;
using namespace nd::bench;
using namespace nd::tests;

namespace {

reaction accepted(int) {
    return {};
}

// Stalls once, when the counted window has begun.
std::function<reaction(int)> stalling_at(int number) {
    return [number](int n) {
        reaction made;
        if (n == number) made.stall = 300ms;
        return made;
    };
}

}  // namespace

TEST_CASE("an open-loop load sends what is due, and counts what was answered in the window") {
    scripted_server server(accepted);
    auto plan = short_plan(server, 400);
    plan.window = 1s;
    const auto got = run(plan);
    CHECK(got.failures() == 0);
    CHECK(got.events == 2 * got.requests);
    CHECK(got.latency.count() == got.requests);
    CHECK(got.lateness.count() == got.requests);
    CHECK(got.seconds == 1);
    CHECK(got.events_per_s() == static_cast<double>(got.events));
    CHECK(std::abs(static_cast<double>(got.requests) - 400) < 5 * std::sqrt(400.0));
    std::uint64_t in_timeline = 0;
    for (const auto& second : got.timeline)
        in_timeline += second.events;
    CHECK(in_timeline == got.events);
    CHECK(server.stop().size() > got.requests);  // the warm-up was sent and is not counted
}

TEST_CASE("what is sent is a whole request with each tenant's key in turn") {
    scripted_server server(accepted);
    auto plan = short_plan(server, 200);
    plan.connections = 1;
    plan.encoded = encoding::gzip;
    static_cast<void>(run(plan));
    const auto& requests = server.stop();
    REQUIRE(requests.size() > 6);
    const char* keys[] = {"key-a", "key-b", "key-c"};
    for (std::size_t i = 0; i < requests.size(); ++i) {
        CHECK(requests[i].key == keys[i % 3]);
        CHECK(requests[i].encoding == "gzip");
        CHECK(requests[i].body.starts_with("\x1f\x8b"));
    }
}

TEST_CASE("a server that stalls shows in the latencies of all that was due meanwhile") {
    scripted_server server(stalling_at(120));
    auto plan = short_plan(server, 400);
    plan.window = 1s;
    const auto got = run(plan);
    CHECK(got.failures() == 0);
    CHECK(got.latency.max_ms() >= 295);
    // 300 ms of a second: three in ten were due in the stall and waited for its end.
    CHECK(got.latency.quantile_ms(0.99) >= 250);
    CHECK(got.latency.quantile_ms(0.9) >= 120);
    CHECK(got.lateness.quantile_ms(0.9) >= 120);  // no connection was free to send them
    // The schedule went on all the same.
    CHECK(std::abs(static_cast<double>(got.requests) - 400) < 5 * std::sqrt(400.0));
}

TEST_CASE("a closed loop sees a stall once per connection, so its latencies only compare servers") {
    scripted_server server(stalling_at(400));
    auto plan = short_plan(server, 0);
    plan.warm_up = 0ms;
    plan.window = 1s;
    const auto got = run(plan);
    CHECK(got.failures() == 0);
    CHECK(got.requests > 400);
    CHECK(got.latency.max_ms() >= 295);
    CHECK(got.latency.quantile_ms(0.9) < 100);
}

TEST_CASE("the window begins and ends once, and answers are told with their identities") {
    scripted_server server(accepted);
    boost::asio::io_context io(1);
    load one(io, short_plan(server, 300));
    std::vector<bool> window;
    std::set<std::uint64_t> first_events;
    std::uint64_t told = 0;
    one.on_answer([&](const load::answer& of) {
        CHECK(of.status == 202);
        CHECK(of.key < 3);
        first_events.insert(of.first_event);
        ++told;
    });
    one.start([&](bool begins) { window.push_back(begins); });
    io.run();
    CHECK(window == std::vector<bool>{true, false});
    const auto& requests = server.stop();
    REQUIRE(told == requests.size());
    CHECK(first_events.size() == told);
    CHECK(*first_events.rbegin() == 2 * (told - 1));
    CHECK(one.answered_events() == 2 * told);
    for (const auto& request : requests) {
        const auto at = request.body.find("\"event_id\":\"") + 12;
        const auto number = one.ids().number_of(std::string_view(request.body).substr(at, 36));
        REQUIRE(number);
        CHECK(first_events.count(*number) == 1);
    }
}

TEST_CASE("two loads with one seed are due at the same moments, with the same bodies' sizes") {
    std::vector<std::size_t> sizes[2];
    for (auto& one : sizes) {
        scripted_server server(accepted);
        static_cast<void>(run(short_plan(server, 100)));
        for (const auto& request : server.stop())
            one.push_back(request.body.size());
    }
    REQUIRE(sizes[0].size() > 10);
    CHECK(sizes[0].size() == sizes[1].size());
    std::sort(sizes[0].begin(), sizes[0].end());
    std::sort(sizes[1].begin(), sizes[1].end());
    CHECK(sizes[0] == sizes[1]);
}
