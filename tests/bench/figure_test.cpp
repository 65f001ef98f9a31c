#include "bench/figure.hpp"

#include <doctest/doctest.h>

using nd::bench::better;
using nd::bench::figure;

namespace {

figure of(std::vector<double> values, better is = better::lower,
          std::optional<double> goal = std::nullopt) {
    return {"a", "ms", is, std::move(values), goal};
}

}  // namespace

TEST_CASE("the median is the middle one, or the mean of the two in the middle, in any order") {
    CHECK(of({7}).median() == 7);
    CHECK(of({9, 1, 5}).median() == 5);
    CHECK(of({9, 1, 5, 2}).median() == 3.5);
    CHECK(of({}).median() == 0);
}

TEST_CASE("the spread is the range as a share of the median") {
    const auto one = of({12, 10, 9});
    CHECK(one.low() == 9);
    CHECK(one.high() == 12);
    CHECK(one.spread() == doctest::Approx(0.3));
    CHECK(one.noisy());
    CHECK_FALSE(of({10, 11, 12}).noisy());
    CHECK(of({-12, -10, -9}).spread() == doctest::Approx(0.3));
}

TEST_CASE("what was measured once, never, or as nothing has no spread") {
    CHECK(of({3}).spread() == 0);
    CHECK(of({}).spread() == 0);
    CHECK(of({0, 0}).spread() == 0);
    CHECK(of({}).low() == 0);
    CHECK(of({}).high() == 0);
}

TEST_CASE("values around a median of nothing are noise, not agreement") {
    CHECK(of({0, 0, 5}).noisy());
    CHECK(of({-1, 0, 1}).noisy());
}

TEST_CASE("a goal is reached on its better side, and at the goal itself") {
    CHECK(of({10}, better::lower, 10).reached() == true);
    CHECK(of({9}, better::lower, 10).reached() == true);
    CHECK(of({11}, better::lower, 10).reached() == false);
    CHECK(of({10}, better::higher, 10).reached() == true);
    CHECK(of({11}, better::higher, 10).reached() == true);
    CHECK(of({9}, better::higher, 10).reached() == false);
    CHECK(of({9}).reached() == std::nullopt);
}

TEST_CASE("it is the median that must reach the goal, not the best of the runs") {
    CHECK(of({1, 11, 12}, better::lower, 10).reached() == false);
    CHECK(of({1, 2, 12}, better::lower, 10).reached() == true);
}
