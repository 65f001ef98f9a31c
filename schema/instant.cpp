#include "schema/instant.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace nd::schema {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

// Days since 1970-01-01 in the proleptic Gregorian calendar, with the year starting in March so
// that the leap day is its last.
constexpr std::int64_t days_from_date(std::int64_t year, unsigned month, unsigned day_of_month) {
    year -= month <= 2;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const auto year_of_era = static_cast<unsigned>(year - era * 400);
    const unsigned day_of_year =
        (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
    const unsigned day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

constexpr std::int64_t earliest = days_from_date(2000, 1, 1) * day;
constexpr std::int64_t end = days_from_date(2101, 1, 1) * day;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr unsigned two_digits(const char* at) {
    return static_cast<unsigned>(at[0] - '0') * 10 + static_cast<unsigned>(at[1] - '0');
}

// Whether the text starts like the picture, in which 0 stands for a digit.
template <std::size_t Size>
bool fits(std::string_view text, const char (&picture)[Size]) {
    if (text.size() < Size - 1) return false;
    unsigned wrong = 0;  // gathered instead of tested: good input has no branch per character
    for (std::size_t i = 0; i + 1 < Size; ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto p = static_cast<unsigned char>(picture[i]);
        wrong |= p == '0' ? static_cast<unsigned>(static_cast<unsigned>(c - p) > 9u)
                          : static_cast<unsigned>(c ^ p);
    }
    return wrong == 0;
}

constexpr unsigned days_in(unsigned year, unsigned month) {
    constexpr std::array<unsigned, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

// 2026-03-01T12:00:00, the part that every time has.
constexpr char date_and_clock[] = "0000-00-00T00:00:00";

time_verdict parse_date_and_clock(const char* text) {
    const unsigned year = two_digits(text) * 100 + two_digits(text + 2);
    const unsigned month = two_digits(text + 5);
    const unsigned day_of_month = two_digits(text + 8);
    if (month < 1 || month > 12) return {{}, time_fault::date};
    if (day_of_month < 1 || day_of_month > days_in(year, month)) return {{}, time_fault::date};
    const unsigned hour = two_digits(text + 11);
    const unsigned minute = two_digits(text + 14);
    const unsigned of_minute = two_digits(text + 17);
    if (hour > 23 || minute > 59 || of_minute > 59) return {{}, time_fault::clock};
    const std::int64_t of_day = (hour * 60 + minute) * 60 + of_minute;
    return {{days_from_date(year, month, day_of_month) * day + of_day * second}};
}

// Postgres computes rint(strtod(".1234567") * 1e6), and for up to 9 digits this division is that
// strtod. Exact decimal half-even would differ from it in about one tie of a hundred.
std::int64_t rounded_microseconds(std::int64_t digits, std::size_t count) {
    constexpr std::array<std::int64_t, 10> power = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    if (count <= 6) return digits * power[6 - count];
    const double fraction = static_cast<double>(digits) / static_cast<double>(power[count]);
    return std::llrint(fraction * 1e6);
}

// Takes ".123" from the front of `text`, if it is there.
time_verdict take_fraction(std::string_view& text) {
    if (text.empty() || text[0] != '.') return {};
    std::int64_t digits = 0;
    std::size_t count = 0;
    while (count + 1 < text.size() && is_digit(text[count + 1])) {
        if (++count > 9) return {{}, time_fault::fraction};
        digits = digits * 10 + (text[count] - '0');
    }
    if (count == 0) return {{}, time_fault::fraction};
    text.remove_prefix(count + 1);
    return {{rounded_microseconds(digits, count)}};
}

time_verdict parse_zone(std::string_view text) {
    if (text == "Z") return {};
    if (text.empty()) return {{}, time_fault::zone};
    const bool west = text[0] == '-';
    text.remove_prefix(1);
    if (text.size() != 5 || !fits(text, "00:00")) return {{}, time_fault::shape};
    const unsigned hours = two_digits(text.data());
    const unsigned minutes = two_digits(text.data() + 3);
    if (hours > 15 || minutes > 59) return {{}, time_fault::offset};
    const std::int64_t offset = (hours * 60 + minutes) * 60 * second;
    return {{west ? -offset : offset}};
}

}  // namespace

time_verdict parse_instant(std::string_view text) noexcept {
    if (!fits(text, date_and_clock)) return {{}, time_fault::shape};
    time_verdict verdict = parse_date_and_clock(text.data());
    if (verdict.fault != time_fault::none) return verdict;
    text.remove_prefix(sizeof date_and_clock - 1);
    const time_verdict fraction = take_fraction(text);
    if (fraction.fault != time_fault::none) return fraction;
    if (!text.empty() && text[0] != 'Z' && text[0] != '+' && text[0] != '-') {
        return {{}, time_fault::shape};
    }
    const time_verdict zone = parse_zone(text);
    if (zone.fault != time_fault::none) return zone;
    verdict.at.us += fraction.at.us - zone.at.us;
    if (verdict.at.us < earliest || verdict.at.us >= end) verdict.fault = time_fault::range;
    return verdict;
}

std::string_view to_sentence(time_fault fault) noexcept {
    switch (fault) {
        case time_fault::none: return "is a time";
        case time_fault::shape:
            return "must look like 2026-03-01T12:00:00.000Z or 2026-03-01T12:00:00+01:00, with T "
                   "and Z "
                   "in upper case";
        case time_fault::zone: return "has no zone; end it with Z or an offset such as +01:00";
        case time_fault::fraction: return "must have 1 to 9 digits after the seconds' point";
        case time_fault::date: return "names a day that does not exist";
        case time_fault::clock: return "must have hours 00-23, minutes 00-59 and seconds 00-59";
        case time_fault::offset: return "must have an offset within +-15:59";
        case time_fault::range: return "must lie in the years 2000 to 2100 (UTC)";
    }
    return "is no time";
}

std::string to_string(instant at) {
    std::int64_t days = at.us / day;
    std::int64_t of_day = at.us % day;
    if (of_day < 0) {
        of_day += day;
        --days;
    }
    // The inverse of days_from_date, counted from 0000-03-01.
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t march_month = (5 * day_of_year + 2) / 153;
    const std::int64_t day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    const std::int64_t seconds = of_day / second;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", year, month, day_of_month,
                       seconds / 3600, seconds / 60 % 60, seconds % 60, of_day % second);
}

}  // namespace nd::schema
