#include "bench/report.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace nd::bench;

namespace {

// The line of the table that begins with the figure's name.
std::string line_of(const std::string& table, const std::string& name) {
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name + " ")) return line;
    return "";
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

report of(const std::string& name, better is, std::vector<double> values,
          std::optional<double> goal = std::nullopt) {
    report made;
    auto& one = made.at(name, "ms", is);
    one.values = std::move(values);
    one.goal = goal;
    return made;
}

}  // namespace

TEST_CASE("a goal that was missed is marked, in either direction") {
    CHECK(has(line_of(to_table(of("a", better::lower, {11}, 10)), "a"), "<= 10.00 MISSED"));
    CHECK(has(line_of(to_table(of("a", better::higher, {9}, 10)), "a"), ">= 10.00 MISSED"));
    CHECK(has(line_of(to_table(of("a", better::lower, {9}, 10)), "a"), "<= 10.00 reached"));
    CHECK(has(line_of(to_table(of("a", better::higher, {11}, 10)), "a"), ">= 10.00 reached"));
    CHECK_FALSE(has(to_table(of("a", better::lower, {11})), "MISSED"));
}

TEST_CASE("a figure whose runs lie far apart is marked, and the mark is explained") {
    const auto noisy = to_table(of("a", better::lower, {8, 10, 14}));
    CHECK(has(line_of(noisy, "a"), "8.00 .. 14.00 (3)!"));
    CHECK(has(noisy, "! the runs lie more than 25 % apart"));
    const auto calm = to_table(of("a", better::lower, {9.5, 10, 10.5}));
    CHECK(has(line_of(calm, "a"), "9.50 .. 10.50 (3)"));
    CHECK_FALSE(has(calm, "!"));
}

TEST_CASE("a single value has no range, and a figure of none no line") {
    const auto single = line_of(to_table(of("a", better::lower, {5})), "a");
    CHECK(has(single, "5.00"));
    CHECK_FALSE(has(single, ".."));
    CHECK(line_of(to_table(of("a", better::lower, {}, 1)), "a").empty());
}

TEST_CASE("what only describes a run is counted, not listed") {
    auto made = of("a", better::neither, {5});
    made.add("b", "ms", better::lower, 5);
    const auto table = to_table(made);
    CHECK(line_of(table, "a").empty());
    CHECK_FALSE(line_of(table, "b").empty());
    CHECK(has(table, "1 figures that only describe"));
}

TEST_CASE("notes come below the figures") {
    auto made = of("a", better::lower, {5});
    made.note("something happened");
    const auto table = to_table(made);
    CHECK(table.ends_with("note: something happened\n"));
}
