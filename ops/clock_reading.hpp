// How far another machine's clock is from ours, when its time was read between two of our own.
// Pure. Codes: clock_postgres, clock_kafka.
#pragma once

#include "ops/finding.hpp"

#include <chrono>
#include <string>

namespace nd::ops {

struct clock_reading {
    std::chrono::system_clock::time_point before;
    std::chrono::system_clock::time_point theirs;
    std::chrono::system_clock::time_point after;
};

// Beyond this, keys expire and events arrive at visibly wrong times; NTP keeps machines within
// milliseconds.
inline constexpr std::chrono::seconds clock_tolerance{2};

// Zero while their time lies between ours: a slow answer is no wrong clock. Positive: theirs is
// ahead.
[[nodiscard]] std::chrono::milliseconds skew_of(const clock_reading& reading);

[[nodiscard]] findings check_clock(const std::string& whose, const clock_reading& reading);

}  // namespace nd::ops
