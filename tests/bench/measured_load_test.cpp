#include "bench/measured_load.hpp"

#include "tests/bench/load_support.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>

using namespace std::chrono_literals;
using namespace nd::bench;
using namespace nd::tests;

TEST_CASE("loads side by side are one outcome: what all of them sent, in one window") {
    scripted_server first([](int) { return reaction(); }), second([](int) { return reaction(); });
    const std::array<load_plan, 2> plans{short_plan(first, 100), short_plan(second, 300)};
    meter watched;
    watched.add("this", ::getpid());
    progress show;
    const auto got = run_loads(plans, watched, show);
    CHECK(got.load.failures() == 0);
    CHECK(got.load.seconds == doctest::Approx(0.5));
    CHECK(got.load.requests > 100);  // 200 are due in half a second
    CHECK(got.load.requests < 300);
    CHECK(got.load.events == 2 * got.load.requests);
    CHECK(got.load.latency.count() == got.load.requests);
    CHECK(got.cpu_us_per_event.at("this") > 0);
    CHECK(got.cores.busiest_thread.at("this") > 0);
    CHECK(got.cores.busiest_thread.at("this") < 1.2);
    CHECK(got.cores.machine > 0);
    CHECK(first.stop().size() > 20);
    CHECK(second.stop().size() > 60);
}

TEST_CASE("what one of them is refused counts, beside the other's answers") {
    scripted_server good([](int) { return reaction(); });
    scripted_server full([](int) {
        reaction made;
        made.status = 503;
        made.body = "full";
        return made;
    });
    const std::array<load_plan, 2> plans{short_plan(good, 100), short_plan(full, 100)};
    progress show;
    const auto got = run_loads(plans, {}, show);
    CHECK(got.load.requests > 20);
    CHECK(got.load.refused.at(503) > 20);
    CHECK(got.load.first_refusal == "full");
}

TEST_CASE("the busiest thread is the one that used most, those that came later too") {
    const core_reading before{{{1, {"a", 1s}}, {2, {"a", 5s}}}, 10s};
    const core_reading after{{{1, {"a", 3s}}, {2, {"a", 6s}}, {3, {"b", 1s}}}, 16s};
    const auto got = cores_between(before, after, 4);
    REQUIRE(got.busiest_thread.size() == 2);
    CHECK(got.busiest_thread.at("a") == doctest::Approx(0.5));
    CHECK(got.busiest_thread.at("b") == doctest::Approx(0.25));
    CHECK(got.machine == doctest::Approx(1.5));
    CHECK(cores_between(before, after, 0).busiest_thread.empty());
}
