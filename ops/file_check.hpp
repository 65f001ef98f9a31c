// doctor's look at the configuration itself: the variables that every program needs, and the pepper
// file, the secrets of receipts. Reads files, connects to nothing. Codes: config_missing,
// pepper_unreadable, pepper_open, pepper_short, receipt_key_bad.
#pragma once

#include "ops/check.hpp"
#include "ops/settings.hpp"

namespace nd::ops {

[[nodiscard]] check check_variables(const settings& from);
[[nodiscard]] check check_pepper(const settings& from);
[[nodiscard]] check check_receipt_keys(const settings& from);

}  // namespace nd::ops
