// A key at the one moment when it exists as text: made from the system's random source, hashed
// under the pepper, shown once. Called by key and tenant. Nothing keeps the text after the
// command's answer.
#pragma once

#include "base/hmac.hpp"
#include "ops/settings.hpp"
#include "schema/environment.hpp"

#include <string>

namespace nd::ops {

struct issued_key {
    std::string text;
    base::sha256_digest hash{};
    std::string prefix;
    std::string last4;
};

[[nodiscard]] issued_key issue_key(schema::environment env, base::hmac_sha256& pepper);

// The hash under ND_KEY_PEPPER_FILE's secret. Error invalid says what to do about the file.
[[nodiscard]] base::result<base::hmac_sha256> open_pepper(const settings& from);

}  // namespace nd::ops
