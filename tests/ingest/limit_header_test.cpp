#include "ingest/limit_header.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using nd::ingest::admission;
using nd::schema::limit_class;

TEST_CASE("the RateLimit headers name the policy, the places and whole seconds rounded up") {
    const admission half{.admitted = true,
                         .limit = 60,
                         .remaining = 30,
                         .wait = 29'000'000'001ns,
                         .cls = limit_class::events};
    CHECK(nd::ingest::rate_limit_policy(half) == R"("events";q=60;w=60)");
    CHECK(nd::ingest::rate_limit_state(half) == R"("events";r=30;t=30)");
    const admission full{.limit = 600, .wait = 60s, .cls = limit_class::read};
    CHECK(nd::ingest::rate_limit_policy(full) == R"("read";q=600;w=60)");
    CHECK(nd::ingest::rate_limit_state(full) == R"("read";r=0;t=60)");
}

TEST_CASE("Retry-After is never below one second") {
    CHECK(admission{.wait = 1ns}.wait_seconds() == 1);
    CHECK(admission{.wait = 0ns}.wait_seconds() == 1);
    CHECK(admission{.wait = 1s}.wait_seconds() == 1);
    CHECK(admission{.wait = 1'000'000'001ns}.wait_seconds() == 2);
}
