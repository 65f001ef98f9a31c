// A point in time as Postgres's timestamptz holds it: whole microseconds, UTC. Parsed from the RFC
// 3339 text of an event. Pure: `now` is always an argument. The rounding equals Postgres's own,
// digit for digit.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace nd::schema {

struct instant {
    std::int64_t us = 0;  // since 1970-01-01T00:00:00Z

    friend bool operator==(const instant&, const instant&) = default;
    friend auto operator<=>(const instant&, const instant&) = default;
};

// What is wrong with a time, each with a sentence of its own in the rejection.
enum class time_fault {
    none,
    shape,     // not YYYY-MM-DDTHH:MM:SS[.fraction](Z|+HH:MM|-HH:MM), T and Z in upper case
    zone,      // no zone at all, the most frequent mistake
    fraction,  // more than 9 digits, or a point without digits
    date,      // no such day
    clock,     // hour beyond 23, minute or second beyond 59: neither 24:00 nor leap seconds
    offset,    // beyond +-15:59
    range,     // the rounded UTC instant is outside the years 2000 to 2100
};

struct time_verdict {
    instant at;
    time_fault fault = time_fault::none;
};

[[nodiscard]] time_verdict parse_instant(std::string_view text) noexcept;
[[nodiscard]] std::string_view to_sentence(time_fault fault) noexcept;

// 2026-03-01T12:00:00.000000Z, always with six digits.
[[nodiscard]] std::string to_string(instant at);

}  // namespace nd::schema
