#include "ops/week.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace nd::ops {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

base::result<sys_days> parse_day(std::string_view day) {
    int year = 0;
    unsigned month = 0;
    unsigned date = 0;
    const auto read = [&day](std::size_t at, std::size_t length, auto& into) {
        const auto* end = day.data() + at + length;
        const auto [stop, ec] = std::from_chars(day.data() + at, end, into);
        return ec == std::errc() && stop == end;
    };
    const bool shaped = day.size() == 10 && day[4] == '-' && day[7] == '-';
    const bool numbers = shaped && read(0, 4, year) && read(5, 2, month) && read(8, 2, date);
    const year_month_day parsed{std::chrono::year(year), std::chrono::month(month),
                                std::chrono::day(date)};
    if (!numbers || !parsed.ok()) {
        return base::failure(base::errc::invalid,
                             fmt::format("\"{}\" is not a day: write YYYY-MM-DD", day));
    }
    return sys_days(parsed);
}

// 180d, 26w; none when it has another shape.
std::optional<days> parse_age(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const int unit = text.back() == 'd' ? 1 : text.back() == 'w' ? 7 : 0;
    int count = 0;
    const auto* end = text.data() + text.size() - 1;
    const auto [stop, ec] = std::from_chars(text.data(), end, count);
    const bool fine = unit > 0 && ec == std::errc() && stop == end && count >= 0 && count <= 5000;
    return fine ? std::optional(days(unit * count)) : std::nullopt;
}

}  // namespace

week week_of(sys_days day) {
    const std::chrono::weekday at(day);
    return {day - days(at.iso_encoding() - 1)};
}

std::string partition_name(week of) {
    // A week belongs to the year of its Thursday; the week with 4 January is its first.
    const auto year = year_month_day(of.monday + days(3)).year();
    const auto first = week_of(sys_days(year / std::chrono::January / 4));
    const auto number = (of.monday - first.monday).count() / 7 + 1;
    return fmt::format("events_{:04}w{:02}", static_cast<int>(year), number);
}

std::string first_day(week of) {
    const year_month_day date(of.monday);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

base::result<week> parse_week(std::string_view day) {
    const auto parsed = parse_day(day);
    if (!parsed) return parsed.error();
    return week_of(*parsed);
}

base::result<sys_days> parse_cutoff(std::string_view text, sys_days today) {
    const auto age = parse_age(text);
    const auto day = age ? base::result<sys_days>(today - *age) : parse_day(text);
    if (!day) {
        return base::failure(base::errc::invalid,
                             fmt::format("--older-than \"{}\": write 180d, 26w or a day, "
                                         "YYYY-MM-DD",
                                         text));
    }
    if (*day > today - days(14)) {
        return base::failure(base::errc::invalid,
                             fmt::format("--older-than {}: the weeks of the last 14 days stay, "
                                         "they still get events",
                                         text));
    }
    return day;
}

std::vector<week> weeks_around(sys_days today, int behind, int ahead) {
    std::vector<week> weeks;
    const week first{week_of(today).monday - days(7 * behind)};
    const week last{week_of(today).monday + days(7 * ahead)};
    for (auto at = first; at <= last; at = at.next())
        weeks.push_back(at);
    return weeks;
}

std::vector<week> missing_weeks(std::vector<week> wanted, const std::vector<week>& present) {
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::erase_if(wanted, [&present](const week& one) {
        return std::find(present.begin(), present.end(), one) != present.end();
    });
    return wanted;
}

}  // namespace nd::ops
