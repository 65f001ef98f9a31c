#include "base/pg_array.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace nd::base::pg;

namespace {

using elements = std::vector<std::optional<std::string>>;

}  // namespace

TEST_CASE("an array's binary form is its header and one length before each value") {
    int4_array numbers;
    CHECK(numbers.empty());
    numbers.add(258);
    numbers.add_null();
    CHECK(numbers.size() == 2);
    const std::vector<std::uint8_t> bytes(numbers.bytes().begin(), numbers.bytes().end());
    CHECK(bytes == std::vector<std::uint8_t>{0,  0, 0, 1, 0, 0, 0,   1,   0,   0,  0,
                                             23, 0, 0, 0, 2, 0, 0,   0,   1,   0,  0,
                                             0,  4, 0, 0, 1, 2, 255, 255, 255, 255});
    numbers.clear();
    CHECK(numbers.empty());
    CHECK(numbers.bytes().size() == 20);
    CHECK(numbers.bytes()[7] == 0);  // no NULL left from before
}

TEST_CASE("times count from 2000 in Postgres and from 1970 with us") {
    timestamptz_array times;
    times.add(946'684'800'000'000);
    for (std::size_t i = 24; i < 32; ++i) {
        CHECK(times.bytes()[i] == 0);
    }
}

TEST_CASE("an array in text form is read with its quotes, escapes and NULLs") {
    struct line {
        const char* text;
        elements expected;
    };
    const line table[]{
        {"{}", {}},
        {"{a}", {"a"}},
        {"{1,2}", {"1", "2"}},
        {"{a,NULL,\"NULL\"}", {"a", std::nullopt, "NULL"}},
        {"{\"\"}", {""}},
        {"{\"a,b\",\"}\",\"\\\"\",\"\\\\\"}", {"a,b", "}", "\"", "\\"}},
    };
    for (const line& one : table) {
        CAPTURE(one.text);
        const auto read = parse_array(one.text);
        REQUIRE(read.has_value());
        CHECK(*read == one.expected);
    }
}

TEST_CASE("what is not an array of one dimension is refused") {
    for (const char* text : {"", "{", "}", "a", "{\"a}", "{\"a\"b}", "{a", "\\", "{\"\\}"}) {
        CAPTURE(text);
        CHECK(parse_array(text).has_error());
    }
}
