#include "schema/dollars.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::schema {
namespace {

constexpr std::int64_t whole = 1'000'000'000;
constexpr std::size_t decimals = 9;
constexpr std::size_t most_digits = 6;

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t number(std::string_view digits) {
    std::int64_t made = 0;
    for (const char c : digits)
        made = made * 10 + (c - '0');
    return made;
}

}  // namespace

base::result<std::int64_t> parse_dollars(std::string_view text) {
    const auto point = text.find('.');
    const auto before = text.substr(0, point);
    const auto after = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (before.empty() || before.size() > most_digits || after.size() > decimals ||
        !all_digits(before) || !all_digits(after))
        return base::failure(base::errc::invalid,
                             fmt::format("\"{}\" is no sum of dollars like 20 or 0.50", text));
    std::string padded(after);
    padded.resize(decimals, '0');
    return number(before) * whole + number(padded);
}

std::string dollars(std::int64_t nano) {
    auto text = fmt::format("{}.{:09}", nano / whole, nano % whole);
    constexpr std::size_t least = 2;
    const auto point = text.find('.');
    while (text.back() == '0' && text.size() > point + 1 + least)
        text.pop_back();
    return text;
}

}  // namespace nd::schema
