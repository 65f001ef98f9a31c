// Text out of records and files for a terminal: control characters and what is no UTF-8 are escaped,
// because a terminal obeys some of them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace nd::ops {

[[nodiscard]] std::string printable(std::string_view text);

}  // namespace nd::ops
