// An ISO week, Monday 00:00 UTC to the next: the range of one partition of nd.events. Pure; `today`
// is always an argument. Called by partitions and doctor.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace nd::ops {

struct week {
    std::chrono::sys_days monday;

    friend bool operator==(const week&, const week&) = default;
    friend auto operator<=>(const week&, const week&) = default;

    [[nodiscard]] week next() const { return {monday + std::chrono::days(7)}; }
};

[[nodiscard]] week week_of(std::chrono::sys_days day);

// events_2026w48: the year is the ISO year, which around New Year is not the calendar's.
[[nodiscard]] std::string partition_name(week of);

// 2026-11-23, for SQL (as UTC) and for people.
[[nodiscard]] std::string first_day(week of);

// The week of a day as first_day writes it. Error invalid for anything else.
[[nodiscard]] base::result<week> parse_week(std::string_view day);

// From `behind` weeks before today's to `ahead` weeks after it.
[[nodiscard]] std::vector<week> weeks_around(std::chrono::sys_days today, int behind, int ahead);

// Those of `wanted` that are not among `present`, in order, each once.
[[nodiscard]] std::vector<week> missing_weeks(std::vector<week> wanted,
                                              const std::vector<week>& present);

// Up to which day weeks are old: 180d or 26w before today, or a day itself. Error invalid for
// anything else, and for a day of the last two weeks: those still get events, and what Kafka keeps
// of them would bring dropped rows back.
[[nodiscard]] base::result<std::chrono::sys_days> parse_cutoff(std::string_view text,
                                                               std::chrono::sys_days today);

[[nodiscard]] inline bool ends_by(week one, std::chrono::sys_days day) {
    return one.next().monday <= day;
}

}  // namespace nd::ops
