// live or test: part of every key, and with the record into the row. Never decides what a key may
// do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nd::schema {

enum class environment : std::uint8_t { live, test };

[[nodiscard]] constexpr std::string_view to_string(environment which) noexcept {
    return which == environment::live ? "live" : "test";
}

[[nodiscard]] constexpr std::optional<environment> parse_environment(
    std::string_view name) noexcept {
    if (name == "live") return environment::live;
    if (name == "test") return environment::test;
    return std::nullopt;
}

}  // namespace nd::schema
