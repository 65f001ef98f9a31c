// How long: `0`, `90s`, `30m`, `1h`, `7d`, as --grace and --expires take it. Pure.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace nd::ops {

// Error invalid says the forms that are understood. At most ten years: more is a typing error.
[[nodiscard]] base::result<std::chrono::seconds> parse_grace(std::string_view text);

}  // namespace nd::ops
