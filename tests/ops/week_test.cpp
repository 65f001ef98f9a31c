#include "ops/week.hpp"

#include "ops/database_check.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace nd;

namespace {

ops::week week(const char* day) {
    return ops::parse_week(day).value();
}

}  // namespace

TEST_CASE(
    "a partition is named by the ISO week and its ISO year, which differ from the calendar's "
    "around New Year") {
    const std::pair<const char*, const char*> table[] = {
        {"2026-11-23", "events_2026w48"}, {"2026-11-29", "events_2026w48"},
        {"2026-11-30", "events_2026w49"}, {"2027-01-03", "events_2026w53"},
        {"2027-01-04", "events_2027w01"}, {"2024-12-30", "events_2025w01"},
        {"2021-01-01", "events_2020w53"}, {"2000-01-01", "events_1999w52"},
        {"2100-12-31", "events_2100w52"},
    };
    for (const auto& [day, name] : table) {
        CAPTURE(day);
        CHECK(ops::partition_name(week(day)) == name);
    }
    CHECK(ops::first_day(week("2026-11-29")) == "2026-11-23");
}

TEST_CASE("only a day that exists is a day") {
    for (const auto* text :
         {"", "2026-11", "2026-02-30", "2026/11/23", "2026-11-2x", "20260-1-01", "2026-13-01"}) {
        CAPTURE(text);
        CHECK(ops::parse_week(text).has_error());
    }
}

TEST_CASE(
    "weeks around today include today's, and what is missing is asked for once and in order") {
    const auto today = week("2026-11-25").monday + std::chrono::days(2);
    const auto around = ops::weeks_around(today, 1, 2);
    REQUIRE(around.size() == 4);
    CHECK(ops::first_day(around.front()) == "2026-11-16");
    CHECK(ops::first_day(around.back()) == "2026-12-07");
    auto doubled = around;
    std::reverse(doubled.begin(), doubled.end());
    doubled.push_back(around.front());
    const auto missing = ops::missing_weeks(doubled, {week("2026-11-23")});
    REQUIRE(missing.size() == 3);
    CHECK(missing[0] == week("2026-11-16"));
    CHECK(missing[2] == week("2026-12-07"));
}

TEST_CASE("doctor wants this week's partition and the next two, no more") {
    const auto today = week("2026-11-25").monday;
    CHECK(ops::judge_partitions({"events_2026w48", "events_2026w49", "events_2026w50"}, today)
              .empty());
    const auto found =
        ops::judge_partitions({"events_2026w47", "events_2026w48", "events_2026w50"}, today);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "partitions_short");
    CHECK(found[0].subject == "nd.events_2026w49");
}

TEST_CASE("doctor has a code of its own for each way in which migrations can be wrong") {
    using enum ops::migration_state;
    const auto found = ops::judge_migrations({{1, "001_a", applied, ""},
                                              {2, "002_b", pending, ""},
                                              {3, "003_c", changed, "t"},
                                              {4, "004_d", unknown, "t"},
                                              {5, "005_e", late, ""}});
    REQUIRE(found.size() == 4);
    CHECK(found[0].code == "migrations_pending");
    CHECK(found[1].code == "migrations_changed");
    CHECK(found[2].code == "migrations_unknown");
    CHECK(found[3].code == "migrations_late");
}

TEST_CASE("how old a week may be is said as days, weeks or a day, never of the last two weeks") {
    const std::chrono::sys_days today(std::chrono::year(2026) / 11 / 25);
    CHECK(ops::parse_cutoff("180d", today).value() == today - std::chrono::days(180));
    CHECK(ops::parse_cutoff("26w", today).value() == today - std::chrono::days(182));
    CHECK(ops::parse_cutoff("14d", today).value() == today - std::chrono::days(14));
    CHECK(ops::parse_cutoff("2026-11-11", today).value() == today - std::chrono::days(14));
    for (const char* wrong : {"", "d", "13d", "1w", "-20w", "26", "26m", "26w ", "2026-11-12",
                              "2026-02-30", "2099-01-01", "99999999999w", "6000d"}) {
        CAPTURE(wrong);
        CHECK(ops::parse_cutoff(wrong, today).error().code == base::errc::invalid);
    }
}

TEST_CASE("a week is old when the whole of it is") {
    const std::chrono::sys_days monday(std::chrono::year(2026) / 11 / 2);
    const ops::week one{monday};
    CHECK(ops::ends_by(one, monday + std::chrono::days(7)));
    CHECK_FALSE(ops::ends_by(one, monday + std::chrono::days(6)));
}
