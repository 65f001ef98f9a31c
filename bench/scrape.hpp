// A program's own metrics, read from its admin port on loopback.
#pragma once

#include <cstdint>
#include <string>

namespace nd::bench {

// The page behind /metrics. Throws std::runtime_error when nothing answers.
[[nodiscard]] std::string scrape(std::uint16_t admin_port);
// The sum of all samples of that name, whatever their labels; 0 when there is none. Pure.
[[nodiscard]] double sample_of(const std::string& page, const std::string& name);

}  // namespace nd::bench
