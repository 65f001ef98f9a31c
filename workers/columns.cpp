#include "workers/columns.hpp"

#include <array>

namespace nd::workers {

void row_columns::clear() {
    const std::array<base::pg::binary_array*, 13> all{
        &tenants,      &lo,    &hi,       &row_tenants, &event_ids, &occurred,  &received,
        &environments, &names, &sessions, &users,       &pages,     &properties};
    for (auto* column : all)
        column->clear();
}

void row_columns::add(const batch_row& row) {
    row_tenants.add(row.tenant.value.bytes);
    event_ids.add(row.id.value.bytes);
    occurred.add(row.occurred_at.us);
    received.add(row.received_at.us);
    environments.add(schema::to_string(row.environment));
    names.add(row.name);
    sessions.add(row.session_id);
    users.add(row.user_id);
    pages.add(row.page);
    properties.add(row.properties);
}

void row_columns::fill(std::span<const batch_row> rows, const grouping& groups) {
    clear();
    for (const auto& slice : groups.slices) {
        tenants.add(slice.tenant.value.bytes);
        lo.add(slice.lo);
        hi.add(slice.hi);
    }
    for (const auto index : groups.order)
        add(rows[index]);
}

void progress_columns::fill(std::span<const covered> covers, bool advance) {
    partitions.clear();
    expected.clear();
    next.clear();
    for (const auto& c : covers) {
        partitions.add(c.partition);
        expected.add(c.expected);
        next.add(advance ? c.next : c.begin);
    }
}

}  // namespace nd::workers
