// doctor's look at what the database holds: are the migrations this release's, and are partitions
// ready ahead? Through ND_MIGRATE_DATABASE_URL, or less completely through
// ND_OPERATOR_DATABASE_URL. Codes: migrations_pending, migrations_changed, migrations_unknown,
// migrations_late, partitions_short, partition_default_rows, partition_default_locked.
#pragma once

#include "ops/check.hpp"
#include "ops/migration_plan.hpp"
#include "ops/settings.hpp"
#include "ops/week.hpp"

#include <vector>

namespace nd::ops {

// At least so many weeks after this one must have their partition: a cron job that stopped shows in
// time.
inline constexpr int least_weeks_ahead = 2;

[[nodiscard]] std::vector<check> check_database(const settings& from);

// Pure.
[[nodiscard]] findings judge_migrations(const std::vector<migration_step>& steps);
[[nodiscard]] findings judge_partitions(const std::vector<std::string>& names,
                                        std::chrono::sys_days today);

}  // namespace nd::ops
