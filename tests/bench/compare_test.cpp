#include "bench/compare.hpp"

#include <doctest/doctest.h>

using namespace nd::bench;

namespace {

report of(std::vector<double> values, better is = better::lower) {
    report made;
    made.at("a", "ms", is).values = std::move(values);
    return made;
}

comparison only(const report& first, const report& second, double percent = 10) {
    const auto all = compare(first, second, percent);
    REQUIRE(all.size() == 1);
    return all[0];
}

comparison lower(std::vector<double> first, std::vector<double> second, double percent = 10) {
    return only(of(std::move(first)), of(std::move(second)), percent);
}

comparison higher(std::vector<double> first, std::vector<double> second, double percent = 10) {
    return only(of(std::move(first), better::higher), of(std::move(second), better::higher),
                percent);
}

}  // namespace

TEST_CASE("ranges apart are better or worse, by what the figure means") {
    CHECK(lower({10, 11, 12}, {5, 5.1, 5.2}).what == change::better);
    CHECK(lower({5, 5.1, 5.2}, {10, 11, 12}).what == change::worse);
    CHECK(higher({10, 11, 12}, {5, 5.1, 5.2}).what == change::worse);
    CHECK(higher({5, 5.1, 5.2}, {10, 11, 12}).what == change::better);
}

TEST_CASE("worse is a regression past the percentage only, and better never is") {
    CHECK(lower({100, 101}, {115, 116}).regression);
    CHECK_FALSE(lower({100, 101}, {105, 106}).regression);
    CHECK(lower({100, 101}, {105, 106}).what == change::worse);
    CHECK(lower({100, 101}, {105, 106}, 1).regression);
    CHECK(higher({100, 101}, {85, 86}).regression);
    CHECK_FALSE(higher({100, 101}, {95, 96}).regression);
    CHECK_FALSE(lower({100, 101}, {50, 51}).regression);
    CHECK_FALSE(higher({100, 101}, {200, 201}).regression);
    CHECK(lower({0, 0}, {5, 5}).regression);  // no percentage tells how much worse that is
}

TEST_CASE("what only describes a run is different or the same, and never a regression") {
    const auto neither = [](std::vector<double> values) {
        return of(std::move(values), better::neither);
    };
    CHECK(only(neither({1, 1.1}), neither({9, 9.1})).what == change::different);
    CHECK_FALSE(only(neither({1, 1.1}), neither({9, 9.1})).regression);
    CHECK_FALSE(only(neither({9, 9.1}), neither({1, 1.1})).regression);
    CHECK(only(neither({1, 1.1}), neither({1.05, 1.1})).what == change::same);
}

TEST_CASE("the change is that of the medians") {
    const auto one = lower({90, 100, 110}, {140, 150, 160});
    CHECK(one.first == 100);
    CHECK(one.second == 150);
    CHECK(one.percent == doctest::Approx(50));
    CHECK(lower({100, 100}, {50, 50}).percent == doctest::Approx(-50));
}

TEST_CASE("ranges that overlap or touch are the same, however far the medians lie apart") {
    CHECK(lower({10, 11, 12}, {12, 12.5, 13}).what == change::same);
    CHECK(lower({10, 11, 12}, {10, 11, 12}).what == change::same);
    CHECK_FALSE(lower({10, 10.1, 12}, {12, 13, 14}).regression);
}

TEST_CASE("a noisy figure that overlaps is unclear, and no regression") {
    const auto one = lower({10, 15, 20}, {16, 18, 20});
    CHECK(one.what == change::unclear);
    CHECK_FALSE(one.regression);
    CHECK(lower({16, 18, 20}, {10, 15, 20}).what == change::unclear);
}

TEST_CASE("what a noisy figure lost beyond all of its noise is a regression all the same") {
    CHECK(lower({10, 15, 20}, {40, 50, 60}).regression);
}

TEST_CASE("a single value has an unknown spread: a small difference of it is none") {
    CHECK(lower({100}, {111}).what == change::same);
    CHECK_FALSE(lower({100}, {111}, 1).regression);
    CHECK(lower({100}, {120}).what == change::same);
    CHECK(lower({120}, {100}).what == change::same);
    CHECK(higher({100}, {89}).what == change::same);
    CHECK(lower({100, 101}, {112}).what == change::same);
    CHECK(lower({100}, {111, 112}).what == change::same);
    CHECK(lower({-100}, {-111}).what == change::same);
}

TEST_CASE("a single value that lies far off is better or worse") {
    CHECK(lower({100}, {150}).regression);
    CHECK(lower({150}, {100}).what == change::better);
    CHECK(higher({100}, {70}).regression);
    CHECK(lower({100, 101}, {150}).regression);
    CHECK(lower({100}, {150, 151}).regression);
    CHECK(lower({0}, {1}).regression);
}

TEST_CASE("a figure of one report only is shown and never judged") {
    report first, second;
    first.add("gone", "ms", better::lower, 1);
    second.add("new", "ms", better::lower, 2);
    const auto all = compare(first, second, 10);
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "gone");
    CHECK(all[0].what == change::only_first);
    CHECK(all[1].name == "new");
    CHECK(all[1].what == change::only_second);
    CHECK_FALSE(all[0].regression);
    CHECK_FALSE(all[1].regression);
}

TEST_CASE("the table names each verdict") {
    const auto verdict = [](const report& a, const report& b) {
        const auto table = to_table(compare(a, b, 10));
        return table.substr(table.find('\n') + 1);
    };
    const auto has = [](const std::string& text, const char* words) {
        return text.find(words) != std::string::npos;
    };
    CHECK(has(verdict(of({100, 101}), of({150, 151})), "REGRESSION"));
    CHECK(has(verdict(of({100, 101}), of({105, 106})), "worse"));
    CHECK(has(verdict(of({100, 101}), of({50, 51})), "better"));
    CHECK(has(verdict(of({100, 101}), of({100, 101})), "same"));
    CHECK(has(verdict(of({10, 15, 20}), of({16, 18, 20})), "unclear: too noisy"));
    CHECK(has(verdict(of({1}), report()), "only in the first"));
    CHECK(has(verdict(report(), of({1})), "only in the second"));
}
