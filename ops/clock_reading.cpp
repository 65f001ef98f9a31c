#include "ops/clock_reading.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace nd::ops {

std::chrono::milliseconds skew_of(const clock_reading& reading) {
    using std::chrono::milliseconds;
    if (reading.theirs < reading.before)
        return std::chrono::ceil<milliseconds>(reading.theirs - reading.before);
    if (reading.theirs > reading.after)
        return std::chrono::floor<milliseconds>(reading.theirs - reading.after);
    return milliseconds(0);
}

findings check_clock(const std::string& whose, const clock_reading& reading) {
    const auto skew = skew_of(reading);
    if (std::chrono::abs(skew) <= clock_tolerance) return {};
    const auto code = whose == "Kafka" ? "clock_kafka" : "clock_postgres";
    return {{code, whose,
             fmt::format("its clock is {:.1f} s {} this machine's",
                         std::abs(static_cast<double>(skew.count())) / 1000,
                         skew.count() > 0 ? "ahead of" : "behind"),
             "run NTP (chrony, systemd-timesyncd) on both; `timedatectl` shows which one is not "
             "synchronised"}};
}

}  // namespace nd::ops
