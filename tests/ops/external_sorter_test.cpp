// More than fits into memory comes back in order, nothing lost and nothing twice.
#include "ops/external_sorter.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <random>

using namespace nd::ops;

namespace {

using numbers = external_sorter<std::uint64_t, std::less<>>;

std::vector<std::uint64_t> all_of(numbers& sorter) {
    std::vector<std::uint64_t> all;
    auto pass = sorter.begin();
    REQUIRE(pass.has_value());
    while (true) {
        const auto next = pass->next();
        REQUIRE(next.has_value());
        if (*next == nullptr) return all;
        all.push_back(**next);
    }
}

}  // namespace

TEST_CASE("what was added comes back sorted, however little fits into memory") {
    std::mt19937_64 random(5);
    for (const std::size_t memory : {16U, 17U, 100U, 5000U}) {
        for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 33U, 1000U, 4999U}) {
            numbers sorter(memory);
            std::vector<std::uint64_t> expected;
            for (std::size_t i = 0; i < count; ++i) {
                expected.push_back(random() % 700);  // many of them equal
                REQUIRE(sorter.add(expected.back()).has_value());
            }
            std::sort(expected.begin(), expected.end());
            CHECK(sorter.size() == count);
            CHECK(all_of(sorter) == expected);
            CHECK(all_of(sorter) == expected);  // a second walk sees the same
        }
    }
}

TEST_CASE("two walks at once do not disturb each other") {
    numbers sorter(16);
    for (std::uint64_t i = 0; i < 200; ++i)
        REQUIRE(sorter.add(199 - i).has_value());
    auto one = sorter.begin().value();
    auto other = sorter.begin().value();
    for (std::uint64_t i = 0; i < 200; ++i) {
        CHECK(*one.next().value() == i);
        if (i % 2 == 0) CHECK(*other.next().value() == i / 2);
    }
    CHECK(one.next().value() == nullptr);
    CHECK(one.next().value() == nullptr);
    CHECK(*other.next().value() == 100);
}

TEST_CASE("a temporary directory that is not there is an error that names TMPDIR") {
    const char* before = std::getenv("TMPDIR");
    const std::string kept = before == nullptr ? "" : before;
    ::setenv("TMPDIR", "/nowhere/at/all", 1);
    numbers sorter(16);
    nd::base::result<> added;
    for (std::uint64_t i = 0; i < 17 && added; ++i)
        added = sorter.add(i);
    if (before == nullptr) {
        ::unsetenv("TMPDIR");
    } else {
        ::setenv("TMPDIR", kept.c_str(), 1);
    }
    REQUIRE(added.has_error());
    CHECK(added.error().code == nd::base::errc::unavailable);
    CHECK(added.error().detail.find("temporary") != std::string::npos);
}
