#include "ingest/limit_header.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using nd::ingest::admission;
using nd::ingest::write_rate_limit;
using nd::schema::limit_class;

TEST_CASE("the RateLimit headers name the policy, the places and whole seconds rounded up") {
    const admission half{.admitted = true,
                         .limit = 60,
                         .remaining = 30,
                         .wait = 29'000'000'001ns,
                         .cls = limit_class::events};
    std::string out = "Date: today\r\n";
    write_rate_limit(out, half);
    CHECK(out ==
          "Date: today\r\n"
          "RateLimit-Policy: \"events\";q=60;w=60\r\n"
          "RateLimit: \"events\";r=30;t=30\r\n");
    const admission full{.limit = 600, .wait = 60s, .cls = limit_class::read};
    out.clear();
    write_rate_limit(out, full);
    CHECK(out ==
          "RateLimit-Policy: \"read\";q=600;w=60\r\n"
          "RateLimit: \"read\";r=0;t=60\r\n");
}

TEST_CASE("Retry-After is never below one second") {
    CHECK(admission{.wait = 1ns}.wait_seconds() == 1);
    CHECK(admission{.wait = 0ns}.wait_seconds() == 1);
    CHECK(admission{.wait = 1s}.wait_seconds() == 1);
    CHECK(admission{.wait = 1'000'000'001ns}.wait_seconds() == 2);
}
