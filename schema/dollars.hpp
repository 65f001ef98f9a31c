// Money as people write it and as it is counted: dollars, and billionths of one. Pure. Used by
// nd-enricher's budgets and ndctl.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nd::schema {

// "12", "12.5", up to nine decimals and a million dollars. errc::invalid says what is wrong.
[[nodiscard]] base::result<std::int64_t> parse_dollars(std::string_view text);
// "12.50", "0.000123": at least two decimals, at most nine, none that say nothing.
[[nodiscard]] std::string dollars(std::int64_t nano);

}  // namespace nd::schema
