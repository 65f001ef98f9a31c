// The edge to the partitions of nd.events: which weeks exist, which the default partition caught,
// and making one. As nd_owner. Called by partitions and doctor.
#pragma once

#include "base/pg.hpp"
#include "ops/week.hpp"

#include <cstdint>
#include <vector>

namespace nd::ops {

[[nodiscard]] base::result<std::vector<week>> partition_weeks(base::pg::connection& on);

// These two lock the default partition for a moment. They wait some seconds for the transactions
// that hold it, let the writers go first and ask again, half a minute in all. Error unavailable
// (55P03) when such a transaction never ends.
[[nodiscard]] base::result<std::vector<week>> caught_weeks(base::pg::connection& on);
// The rows that were moved out of the default partition.
[[nodiscard]] base::result<std::int64_t> make_partition(base::pg::connection& on, week of);

struct sized_week {
    week of;
    std::int64_t rows_about = 0;  // Postgres's own estimate
    std::int64_t bytes = 0;
};
[[nodiscard]] base::result<std::vector<sized_week>> partition_sizes(base::pg::connection& on);
// Locks nd.events for a moment, with the same patience. False when there is no such partition.
[[nodiscard]] base::result<bool> drop_partition(base::pg::connection& on, week of);

}  // namespace nd::ops
