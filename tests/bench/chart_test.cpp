#include "bench/chart.hpp"

#include <doctest/doctest.h>

using namespace nd::bench;

TEST_CASE("points of one name make one series, in the order they came") {
    chart made;
    made.add_point("a", 1, 10);
    made.add_point("b", 1, 20);
    made.add_point("a", 2, 30);
    REQUIRE(made.all.size() == 2);
    CHECK(made.all[0].name == "a");
    CHECK(made.all[0].points == std::vector<std::pair<double, double>>{{1, 10}, {2, 30}});
    CHECK(made.all[1].points.size() == 1);
}

TEST_CASE("a stack has the place that it was given first") {
    chart made;
    CHECK(made.stack("one") == 0);
    CHECK(made.stack("two") == 1);
    CHECK(made.stack("one") == 0);
    CHECK(made.labels == std::vector<std::string>{"one", "two"});
}
