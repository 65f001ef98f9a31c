#include "base/parse_number.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using nd::base::parse_number;

TEST_CASE("a number is the whole text, and fits its type") {
    CHECK(parse_number<int>("0") == 0);
    CHECK(parse_number<int>("-17") == -17);
    CHECK(parse_number<int>("007") == 7);
    CHECK(parse_number<std::int64_t>("9223372036854775807") == INT64_MAX);
    CHECK(parse_number<std::uint64_t>("18446744073709551615") == UINT64_MAX);
    for (const auto* wrong : {"", " 1", "1 ", "+1", "1x", "x", "-", "1.0", "0x10", "1\n"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_number<std::int64_t>(wrong).has_value());
    }
    CHECK_FALSE(parse_number<std::uint16_t>("65536").has_value());
    CHECK_FALSE(parse_number<unsigned>("-1").has_value());
    CHECK_FALSE(parse_number<std::int64_t>("9223372036854775808").has_value());
}
