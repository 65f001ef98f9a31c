// ndctl tenant create: one tenant or many, with a key each when asked. Called by the tenant
// commands.
#pragma once

#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nd::ops {

struct tenant_create_options {
    std::string name = {};
    std::int64_t count = 1;
    bool with_key = false;
    std::string keys_out = {};
    std::string environment = "live";
    std::string scopes = "events,schema,chat";
};

[[nodiscard]] base::result<report> create_tenants(const settings& from,
                                                  const tenant_create_options& options);

// Pure: NAME, or NAME-00001 and so on when there are several; `suffix` makes up a name where none
// was given. Error invalid when the name is too long or holds control characters.
[[nodiscard]] base::result<std::vector<std::string>> tenant_names(
    const tenant_create_options& options, const std::string& suffix);

}  // namespace nd::ops
