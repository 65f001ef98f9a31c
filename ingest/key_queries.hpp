// What the keeper asks Postgres, as nd_ingest and before any tenant is known: rows become
// key_records here and nowhere else. Works through PgBouncer in transaction mode. Errors: those of
// base/pg.hpp; errc::internal when a row is not what our own migrations make.
#pragma once

#include "base/pg.hpp"
#include "ingest/key_table.hpp"

#include <optional>
#include <span>
#include <vector>

namespace nd::ingest {

[[nodiscard]] base::result<std::int64_t> read_control_version(base::pg::connection& on);

// Every key that can be used now, of suspended tenants too.
[[nodiscard]] base::result<std::vector<key_table::entry>> read_all_keys(base::pg::connection& on);
[[nodiscard]] base::result<std::vector<key_table::entry>> read_keys_of(
    base::pg::connection& on, std::span<const schema::tenant_id> tenants);

struct found_key {
    key_table::entry entry;
    bool revoked = false;
};
[[nodiscard]] base::result<std::optional<found_key>> read_key(base::pg::connection& on,
                                                              const key_hash& hash);

[[nodiscard]] base::result<> write_last_use(base::pg::connection& on,
                                            std::span<const std::int64_t> key_ids);

}  // namespace nd::ingest
