// What replay and import share: how fast they go, when they give way, what they show.
#include "ops/job.hpp"
#include "ops/live_delay.hpp"
#include "ops/pace.hpp"
#include "ops/progress_line.hpp"

#include <doctest/doctest.h>

using namespace nd::ops;
using namespace std::chrono_literals;

TEST_CASE("a rate is held over all threads, and a pause earns no burst") {
    pace speed(1000);
    const pace::clock::time_point start{};
    CHECK(speed.take(500, start) == 0ms);
    CHECK(speed.take(500, start) == 500ms);
    CHECK(speed.take(1, start + 1s) == 0ms);
    CHECK(speed.take(100, start + 60s) == 0ms);
    CHECK(speed.take(100, start + 60s) == 100ms);
    pace unlimited(0);
    CHECK(unlimited.take(1'000'000, start) == 0ms);
    CHECK(unlimited.take(1'000'000, start) == 0ms);
}

TEST_CASE("the live writer is as late as its oldest record that is not stored") {
    live_delay delay;
    const live_delay::clock::time_point t{};
    delay.saw(t, {{0, 10}, {1, 5}}, {{0, 10}, {1, 5}});
    CHECK(delay.late() == 0ms);
    delay.saw(t + 100ms, {{0, 20}, {1, 5}}, {{0, 10}, {1, 5}});
    delay.saw(t + 200ms, {{0, 30}, {1, 5}}, {{0, 10}, {1, 5}});
    delay.saw(t + 400ms, {{0, 40}, {1, 5}}, {{0, 15}, {1, 5}});
    CHECK(delay.late() == 300ms);
    delay.saw(t + 500ms, {{0, 40}, {1, 5}}, {{0, 20}, {1, 5}});
    CHECK(delay.late() == 300ms);  // what ended at 20 is stored, what ended at 30 is not
    delay.saw(t + 600ms, {{0, 40}, {1, 5}}, {{0, 40}, {1, 5}});
    CHECK(delay.late() == 0ms);
}

TEST_CASE("a writer that is away is not waited for") {
    live_delay never;
    const live_delay::clock::time_point t{};
    for (int i = 0; i < 5; ++i)
        never.saw(t + i * 1s, {{0, 100}}, {});
    CHECK(never.late() == 0ms);

    live_delay stopped;
    stopped.saw(t, {{0, 10}}, {{0, 10}});
    stopped.saw(t + 1s, {{0, 20}}, {{0, 10}});
    stopped.saw(t + 5s, {{0, 30}}, {{0, 10}});
    CHECK(stopped.late() == 4s);
    stopped.saw(t + 12s, {{0, 40}}, {{0, 10}});
    CHECK(stopped.late() == 0ms);
    stopped.saw(t + 13s, {{0, 50}}, {{0, 15}});  // it is back
    CHECK(stopped.late() == 12s);
}

TEST_CASE("the progress line says how far, how fast and how long") {
    CHECK(with_commas(0) == "0");
    CHECK(with_commas(999) == "999");
    CHECK(with_commas(1'234'567) == "1,234,567");
    CHECK(with_commas(-1234) == "-1,234");
    CHECK(progress_text({0.5, 1500, 250, 6, "records", ""}) ==
          "[##########----------]  50.0 %  1,500 records  250/s  6 s left");
    CHECK(progress_text({-1, 10, 5, -1, "lines", "2 refused"}) == "10 lines  5/s  2 refused");
    CHECK(progress_text({1.5, 1, 0, 7'260, "x", ""}).find("2 h 01 min left") != std::string::npos);
}

TEST_CASE("what is there is the rest of what was read") {
    job one;
    one.parts.push_back({0, 0, 10, 10, {10, 3, 1, 0, 0, 5, 5}});
    one.parts.push_back({1, 0, 20, 20, {20, 5, 0, 2, 3, ~0ULL, ~0ULL}});
    const auto sum = one.counts();
    CHECK(sum.read == 30);
    CHECK(sum.there() == 16);
    CHECK(sum.log_digest == 4);  // modulo 2^64
    one.state = "running";
    CHECK(one.shown_state() == "stopped");
    one.runner = "host:1:x";
    CHECK(one.shown_state() == "running");
    one.silent_s = job_lease_s + 1;
    CHECK(one.shown_state() == "stopped");
    one.state = "done";
    CHECK(one.shown_state() == "done");
}
