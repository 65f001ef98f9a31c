#include "base/retry.hpp"

#include <doctest/doctest.h>

using namespace nd::base;
using namespace std::chrono_literals;

TEST_CASE(
    "waits double up to the longest, each within half of itself, and begin again after a reset") {
    std::mt19937 engine(7);
    backoff policy(100ms, 5s);
    auto whole = 100ms;
    for (int i = 0; i < 40; ++i) {
        const auto wait = policy.next(engine);
        CHECK(wait >= whole / 2);
        CHECK(wait <= whole);
        whole = std::min<std::chrono::milliseconds>(whole * 2, 5s);
    }
    policy.reset();
    CHECK(policy.next(engine) <= 100ms);
}
