#include "bench/rate_search.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using nd::bench::rate_search;

namespace {

constexpr int too_many = 200;  // tries: doubling to 4e6 and halving to 1 % takes a tenth of them

struct found {
    double best = 0;
    int tries = 0;
    double highest_tried = 0;
};

template <class Holds>
found look(rate_search search, Holds holds) {
    found made;
    while (const auto rate = search.next()) {
        made.highest_tried = std::max(made.highest_tried, *rate);
        search.tried(*rate, holds(*rate));
        if (++made.tries == too_many) break;
    }
    made.best = search.best();
    return made;
}

}  // namespace

TEST_CASE("a hidden threshold is found from below, within the precision") {
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> exponent(std::log(100.0), std::log(1e6));
    for (int round = 0; round < 500; ++round) {
        const double first = 1000, highest = 2e6;
        const double threshold = std::exp(exponent(random));
        for (const double precision : {0.01, 0.08, 0.25}) {
            CAPTURE(threshold);
            CAPTURE(precision);
            const auto got = look(rate_search(first, highest, precision),
                                  [&](double rate) { return rate <= threshold; });
            CHECK(got.best <= threshold);
            CHECK(got.best >= threshold * (1 - precision) * (1 - 1e-9));
            CHECK(got.tries < 40);
        }
    }
}

TEST_CASE("where nothing holds the answer is none, soon") {
    const auto got = look(rate_search(1000, 1e6, 0.05), [](double) { return false; });
    CHECK(got.best == 0);
    CHECK(got.tries < 10);
}

TEST_CASE("where everything holds the answer is the highest, which is never exceeded") {
    for (const double highest : {1000.0, 1500.0, 1e6, 999'999.0}) {
        const auto got = look(rate_search(1000, highest, 0.05), [](double) { return true; });
        CHECK(got.best == highest);
        CHECK(got.highest_tried == highest);
    }
}

TEST_CASE("a first try above the highest is not made") {
    const auto got = look(rate_search(1000, 300, 0.05), [](double) { return true; });
    CHECK(got.best == 300);
    CHECK(got.highest_tried == 300);
}

TEST_CASE("a search ends whatever it is told, and even when asked for no error at all") {
    std::mt19937_64 random(6);
    for (int round = 0; round < 500; ++round) {
        const auto got =
            look(rate_search(1000, 1e6, 0.05), [&](double) { return random() % 2 == 0; });
        CHECK(got.tries < 40);
    }
    const auto exact =
        look(rate_search(1000, 1e6, 0), [](double rate) { return rate <= 123'456.7; });
    CHECK(exact.tries < too_many);
    CHECK(exact.best == doctest::Approx(123'456.7).epsilon(1e-9));
}
