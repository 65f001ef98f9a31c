// The edge to nd.tenants, as nd_operator. Called by tenant, key and limits. It makes tenants in
// bulk, a few hundred per transaction.
#pragma once

#include "base/pg.hpp"
#include "ops/issued_key.hpp"
#include "ops/settings.hpp"

#include <span>
#include <string>
#include <vector>

namespace nd::ops {

struct known_tenant {
    std::string id;
    std::string name;
    bool suspended = false;
};

// nd_operator's connection. Errors as open_database.
[[nodiscard]] base::result<base::pg::connection> open_operator(const settings& from);

// Errors: invalid when it is no UUID, not_found.
[[nodiscard]] base::result<known_tenant> find_tenant(base::pg::connection& on,
                                                     const std::string& id);

// The ids, in the order of the names. `keys` has one key per name, or none at all. One transaction:
// all or nothing. Error refused (23505) when a name is taken.
inline constexpr std::size_t most_tenants_at_once = 500;
[[nodiscard]] base::result<std::vector<std::string>> register_tenants(
    base::pg::connection& on, std::span<const std::string> names, std::span<const issued_key> keys,
    std::string_view environment, const std::vector<std::string>& scopes);

}  // namespace nd::ops
