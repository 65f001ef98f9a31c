#include "workers/columns.hpp"

#include <algorithm>
#include <array>

namespace nd::workers {
namespace {

// In the order of tenants a row is never near the one before it, and its texts are not either:
// asked for a few rows ahead, they come while others are copied.
constexpr std::size_t row_ahead = 8;
constexpr std::size_t texts_ahead = 4;
constexpr std::size_t cache_line = 64;
constexpr std::size_t most_of_a_text = 512;

void fetch(const void* from, std::size_t bytes) {
    const auto* at = static_cast<const char*>(from);
    for (std::size_t line = 0; line < bytes; line += cache_line)
        __builtin_prefetch(at + line);
}

}  // namespace

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
    const auto& order = groups.order;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i + row_ahead < order.size()) fetch(&rows[order[i + row_ahead]], sizeof(batch_row));
        if (i + texts_ahead < order.size()) {
            const auto raw = rows[order[i + texts_ahead]].raw;
            fetch(raw.data(), std::min(raw.size(), most_of_a_text));
        }
        add(rows[order[i]]);
    }
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
