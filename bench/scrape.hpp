// What a program says of itself: its metrics, read from its admin port on loopback.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nd::bench {

// The page behind /metrics, or another one. Throws std::runtime_error when nothing answers.
[[nodiscard]] std::string scrape(std::uint16_t port, std::string_view path = "/metrics");
// The sum of all samples of that name, whatever their labels; 0 when there is none. Pure.
[[nodiscard]] double sample_of(const std::string& page, const std::string& name);

}  // namespace nd::bench
