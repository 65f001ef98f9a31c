// Text out of records and files for a terminal: control characters, some of which it would obey,
// and bytes that are no UTF-8 are escaped. Pure.
#pragma once

#include <string>
#include <string_view>

namespace nd::ops {

[[nodiscard]] std::string printable(std::string_view text);

}  // namespace nd::ops
