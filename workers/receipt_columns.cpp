#include "workers/receipt_columns.hpp"

namespace nd::workers {

void add_user_hash(base::pg::bytea_array& to, const batch_row& row, schema::user_hasher& hash) {
    if (!row.user_id) {
        to.add(std::span<const std::uint8_t>());
        return;
    }
    const auto digest = hash(row.tenant, *row.user_id);
    to.add(digest);
}

void receipt_columns::clear() {
    lo.clear();
    hi.clear();
    rows.clear();
    requests.clear();
    places.clear();
    users.clear();
}

void receipt_columns::fill(std::span<const batch_row> all, const grouping& groups,
                           schema::user_hasher& hash) {
    clear();
    for (const auto& slice : groups.slices) {
        const auto before = static_cast<std::int32_t>(rows.size());
        for (auto place = slice.lo; place <= slice.hi; ++place) {
            const auto& row = all[groups.order[static_cast<std::size_t>(place) - 1]];
            if (!row.receipt) continue;
            rows.add(place);
            requests.add(row.receipt->request.bytes);
            places.add(row.receipt->place);
            add_user_hash(users, row, hash);
        }
        const auto after = static_cast<std::int32_t>(rows.size());
        lo.add(after > before ? before + 1 : 0);
        hi.add(after > before ? after : 0);
    }
}

}  // namespace nd::workers
