// How OpenAI writes a span of time in x-ratelimit-reset-*: as Go prints one ("12ms", "1s", "6m0s").
// Pure. Called by read_rate().
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace nd::model {

// Rounded up to whole milliseconds. A bare number is seconds, as some gateways have it. nullopt for
// what is no duration, is negative, or is longer than a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view text);

}  // namespace nd::model
