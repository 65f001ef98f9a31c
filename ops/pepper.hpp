// The secret of ND_KEY_PEPPER_FILE, under which keys, persons and receipts are hashed. Read by
// every command that needs it. Error invalid names the variable and says what to do about the file.
#pragma once

#include "base/result.hpp"

#include <string>

namespace nd::ops {

[[nodiscard]] base::result<std::string> read_pepper(const std::string& file);

}  // namespace nd::ops
