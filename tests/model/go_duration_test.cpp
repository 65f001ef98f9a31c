#include "model/go_duration.hpp"

#include <doctest/doctest.h>

using nd::model::parse_go_duration;
using namespace std::chrono_literals;

TEST_CASE("a duration as Go prints it is read, rounded up to milliseconds") {
    CHECK(parse_go_duration("12ms") == 12ms);
    CHECK(parse_go_duration("1s") == 1000ms);
    CHECK(parse_go_duration("6m0s") == 360'000ms);
    CHECK(parse_go_duration("1h2m3.5s") == 3'723'500ms);
    CHECK(parse_go_duration("1.5s") == 1500ms);
    CHECK(parse_go_duration("0s") == 0ms);
    CHECK(parse_go_duration("0") == 0ms);
    CHECK(parse_go_duration("200us") == 1ms);
    CHECK(parse_go_duration("3\xc2\xb5s") == 1ms);
    CHECK(parse_go_duration("7ns") == 1ms);
}

TEST_CASE("a bare number is seconds, as some gateways send it") {
    CHECK(parse_go_duration("10") == 10'000ms);
    CHECK(parse_go_duration("0.25") == 250ms);
}

TEST_CASE("what is no duration, or nonsense as one, is absent") {
    for (const auto* text : {"", "-1", "-1s", "s", "1x", "1s2", "1s 2s", "1m-2s", " 1s", "1e3s",
                             "inf", "nan", "25h", "99999999999999999999s", "+1s"})
        CHECK_MESSAGE(!parse_go_duration(text), text);
}
