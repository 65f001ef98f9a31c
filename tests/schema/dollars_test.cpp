#include "schema/dollars.hpp"

#include <doctest/doctest.h>

using namespace nd::schema;

TEST_CASE("dollars are read and written to the billionth, and nonsense is refused") {
    CHECK(parse_dollars("20").value() == 20'000'000'000);
    CHECK(parse_dollars("0.5").value() == 500'000'000);
    CHECK(parse_dollars("0.000000001").value() == 1);
    for (const auto* bad : {"", ".5", "-1", "1,5", "1e3", "1.0000000001", "1234567", "$5", " 1"})
        CHECK(parse_dollars(bad).has_error());
    CHECK(dollars(20'000'000'000) == "20.00");
    CHECK(dollars(500'000'000) == "0.50");
    CHECK(dollars(1) == "0.000000001");
    CHECK(dollars(0) == "0.00");
    CHECK(dollars(123'456'000) == "0.123456");
}
