// A batch's rows as the arrays of the CALL, in Postgres's binary form, reused from batch to batch.
// Called by the writer's loop while the batch before is being stored. Pure.
#pragma once

#include "base/pg_array.hpp"
#include "workers/batch.hpp"
#include "workers/group.hpp"

#include <span>

namespace nd::workers {

struct row_columns {
    base::pg::uuid_array tenants;  // one per group
    base::pg::int4_array lo;
    base::pg::int4_array hi;
    base::pg::uuid_array row_tenants;  // one per row, from its own record
    base::pg::uuid_array event_ids;
    base::pg::timestamptz_array occurred;
    base::pg::timestamptz_array received;
    base::pg::text_array environments;
    base::pg::text_array names;
    base::pg::text_array sessions;
    base::pg::text_array users;
    base::pg::text_array pages;
    base::pg::text_array properties;

    void fill(std::span<const batch_row> rows, const grouping& groups);

  private:
    void clear();
    void add(const batch_row& row);
};

struct progress_columns {
    base::pg::int4_array partitions;
    base::pg::int8_array expected;
    base::pg::int8_array next;

    // `advance` false records only what was done before the batch: some of its records still have
    // to go somewhere else.
    void fill(std::span<const covered> covers, bool advance);
};

}  // namespace nd::workers
