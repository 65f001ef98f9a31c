#include "bench/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using nd::bench::histogram;
using std::chrono::nanoseconds;

namespace {

// From a microsecond to a minute, each power of ten as likely as the others.
std::vector<nanoseconds> random_values(std::mt19937_64& random, std::size_t count) {
    std::uniform_real_distribution<double> exponent(3, 10.7);
    std::vector<nanoseconds> made(count);
    for (auto& one : made)
        one = nanoseconds(static_cast<std::int64_t>(std::pow(10, exponent(random))));
    return made;
}

double model_ms(std::vector<nanoseconds> values, double q) {
    std::sort(values.begin(), values.end());
    const auto rank = std::ceil(q * static_cast<double>(values.size()));
    const auto place = static_cast<std::size_t>(std::max(1.0, rank)) - 1;
    return static_cast<double>(values[place].count()) / 1e6;
}

histogram of(const std::vector<nanoseconds>& values) {
    histogram made;
    for (const auto one : values)
        made.add(one);
    return made;
}

constexpr double quantiles[] = {0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1};

}  // namespace

TEST_CASE("every quantile lies within 1 % above that of the sorted values") {
    std::mt19937_64 random(20261125);
    std::uniform_int_distribution<std::size_t> sizes(1, 2000);
    for (int round = 0; round < 100; ++round) {
        const auto values = random_values(random, sizes(random));
        const auto seen = of(values);
        REQUIRE(seen.count() == values.size());
        for (const double q : quantiles) {
            CAPTURE(round);
            CAPTURE(q);
            const auto exact = model_ms(values, q);
            CHECK(seen.quantile_ms(q) >= exact * (1 - 1e-12));
            CHECK(seen.quantile_ms(q) <= exact * 1.01);
        }
        CHECK(seen.quantile_ms(1) == seen.max_ms());
    }
}

TEST_CASE("the largest value is kept exactly, and no quantile exceeds it") {
    histogram seen;
    seen.add(nanoseconds(1'000'001));
    CHECK(seen.max_ms() == doctest::Approx(1.000001).epsilon(1e-12));
    CHECK(seen.quantile_ms(0.5) == seen.max_ms());
}

TEST_CASE("one merged from parts tells the same as one of everything") {
    std::mt19937_64 random(7);
    for (int round = 0; round < 20; ++round) {
        const auto first = random_values(random, 300);
        auto all = random_values(random, 500);
        auto merged = of(all);
        merged.add(of(first));
        merged.add(histogram());
        all.insert(all.end(), first.begin(), first.end());
        const auto whole = of(all);
        CHECK(merged.count() == whole.count());
        CHECK(merged.max_ms() == whole.max_ms());
        for (const double q : quantiles)
            CHECK(merged.quantile_ms(q) == whole.quantile_ms(q));
    }
}

TEST_CASE("an empty one tells nothing but zeros") {
    const histogram empty;
    CHECK(empty.count() == 0);
    CHECK(empty.max_ms() == 0);
    for (const double q : quantiles)
        CHECK(empty.quantile_ms(q) == 0);
}

TEST_CASE("a moment before its due time counts as no delay at all") {
    histogram seen;
    seen.add(nanoseconds(-5));
    CHECK(seen.count() == 1);
    CHECK(seen.max_ms() == 0);
    CHECK(seen.quantile_ms(0.5) == 0);
}
