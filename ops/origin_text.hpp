// An origin as --origin takes it and as the edge compares it: scheme://host[:port], lower case,
// without the default port. The first label of the host may be a star. Pure. It never asks whether
// such a site exists.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace nd::ops {

// Error invalid says what is wrong with it: a path, no scheme, a bare star.
[[nodiscard]] base::result<std::string> normal_origin(std::string_view text);

}  // namespace nd::ops
