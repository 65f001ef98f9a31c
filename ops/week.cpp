#include "ops/week.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nd::ops {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

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
    return week_of(sys_days(parsed));
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
