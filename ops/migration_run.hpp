// Applies the embedded migrations as nd_owner through nd_migrate's direct connection, each file in
// a transaction of its own together with its row in nd.migrations, one ndctl at a time. Called by
// migrate; doctor only reads the state.
#pragma once

#include "base/pg.hpp"
#include "base/result.hpp"
#include "ops/migration_plan.hpp"
#include "ops/settings.hpp"

#include <vector>

namespace nd::ops {

[[nodiscard]] std::vector<migration_file> embedded_migrations();

// As nd_owner: SET ROLE, with an error that says what is missing.
[[nodiscard]] base::result<> become_owner(base::pg::connection& on);

// Every known or applied number and its state. Works on a database that was never migrated.
[[nodiscard]] base::result<std::vector<migration_step>> migration_states(base::pg::connection& on);

// The names that were applied now. Errors: refused when a file and the database disagree, or
// Postgres refuses a statement (the error names the file); busy when another ndctl holds the lock
// for a minute.
[[nodiscard]] base::result<std::vector<std::string>> apply_migrations(const settings& from);

}  // namespace nd::ops
