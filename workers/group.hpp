// Puts a batch's rows in the order in which they are stored: tenants in the order of their ids,
// each tenant's rows in primary key order, so that two writers of the same rows lock them in the
// same order. Called by the writer's loop. Pure.
#pragma once

#include "workers/batch.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nd::workers {

struct tenant_slice {
    schema::tenant_id tenant;
    std::int32_t lo = 0;  // places in `order`, from 1, both inclusive: as the procedure takes them
    std::int32_t hi = 0;
};

struct grouping {
    std::vector<std::uint32_t> order;  // indices of rows
    std::vector<tenant_slice> slices;
};

void group(std::span<const batch_row> rows, grouping& into);

// The same without these rows (their indices, in any order).
[[nodiscard]] grouping without(const grouping& all, std::span<const std::uint32_t> rows);

}  // namespace nd::workers
