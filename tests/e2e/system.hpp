// The one system that the e2e cases of this executable share. Each case makes tenants of its own,
// and leaves everything running.
#pragma once

#include "tests/e2e/obligations.hpp"

namespace nd::tests {

[[nodiscard]] stack& the_system();
void raise_limit(const stack& system, const tenant_key& of);  // 6,000 requests a minute
[[nodiscard]] int status_of(const std::string& base_url, const std::string& path);

}  // namespace nd::tests
