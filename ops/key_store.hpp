// The edge to nd.api_keys, as nd_operator with the tenant set. Called by key. A key is never
// deleted: revoked, it stays to be seen.
#pragma once

#include "base/pg.hpp"
#include "ops/issued_key.hpp"
#include "ops/key_settings.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nd::ops {

struct stored_key {
    std::int64_t id = 0;
    std::optional<std::string> expires_at;
};

// Into an open transaction of the tenant.
[[nodiscard]] base::result<stored_key> insert_key(base::pg::tenant_tx& inside,
                                                  const std::string& tenant,
                                                  const key_settings& settings,
                                                  const issued_key& key);

// What a successor inherits. Errors: not_found; refused when it is revoked.
struct rotated_key {
    key_settings settings;
    bool expired = false;
    std::optional<std::int64_t> successor;  // of an earlier rotation, the latest
};
[[nodiscard]] base::result<rotated_key> lock_key(base::pg::tenant_tx& inside,
                                                 const std::string& tenant, std::int64_t id);

// Ends it after `seconds`, or when it would have ended anyway. Answers when that is.
[[nodiscard]] base::result<std::string> expire_key(base::pg::tenant_tx& inside,
                                                   const std::string& tenant, std::int64_t id,
                                                   std::int64_t seconds);

[[nodiscard]] base::error no_such_key(const std::string& tenant, std::int64_t id);

}  // namespace nd::ops
