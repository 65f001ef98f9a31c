// A whole text as one number: no spaces, no sign but a minus, nothing behind it. Pure. Called
// wherever headers, answers and words hold numbers.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace nd::base {

// None for a text that is no number, and for one that Number does not hold.
template <std::integral Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) noexcept {
    Number value{};
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, value);
    if (ec != std::errc() || stop != end) return std::nullopt;
    return value;
}

}  // namespace nd::base
