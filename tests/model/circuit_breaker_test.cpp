#include "model/circuit_breaker.hpp"

#include <doctest/doctest.h>

using nd::model::circuit_breaker;
using namespace std::chrono_literals;
using state = circuit_breaker::state;

TEST_CASE("so many faults in a row open it, one success in between does not let them add up") {
    circuit_breaker breaker(3, 10s, 60s);
    const circuit_breaker::time_point now{};
    for (int i = 0; i < 2; ++i)
        breaker.failed(now);
    breaker.worked();
    for (int i = 0; i < 2; ++i)
        breaker.failed(now);
    CHECK(breaker.enter(now));
    breaker.failed(now);
    CHECK(breaker.at(now) == state::open);
    CHECK(!breaker.enter(now));
    CHECK(breaker.wait(now) == 10s);
}

TEST_CASE("after the pause one call alone is tried; it closes the breaker or doubles the pause") {
    circuit_breaker breaker(1, 10s, 35s);
    circuit_breaker::time_point now{};
    breaker.failed(now);
    now += 10s;
    CHECK(breaker.enter(now));
    CHECK(!breaker.enter(now));
    breaker.failed(now);
    CHECK(breaker.wait(now) == 20s);
    now += 20s;
    CHECK(breaker.enter(now));
    breaker.failed(now);
    CHECK(breaker.wait(now) == 35s);
    now += 35s;
    CHECK(breaker.enter(now));
    breaker.worked();
    CHECK(breaker.at(now) == state::closed);
    CHECK(breaker.enter(now));
    CHECK(breaker.enter(now));
    breaker.failed(now);
    CHECK(breaker.wait(now) == 10s);  // from the start again
}

TEST_CASE("a call from before the pause that fails late does not lengthen it") {
    circuit_breaker breaker(1, 10s, 60s);
    const circuit_breaker::time_point now{};
    breaker.failed(now);
    breaker.failed(now + 3s);
    CHECK(breaker.wait(now + 3s) == 7s);
}

TEST_CASE("a try that was given up lets the next one in") {
    circuit_breaker breaker(1, 10s, 60s);
    const circuit_breaker::time_point now{};
    breaker.failed(now);
    CHECK(breaker.enter(now + 10s));
    breaker.gave_up();
    CHECK(breaker.enter(now + 10s));
}
