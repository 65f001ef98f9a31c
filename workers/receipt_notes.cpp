#include "workers/receipt_notes.hpp"

#include "schema/record.hpp"
#include "sql/queries/tenant/note_receipts.hpp"
#include "workers/receipt_columns.hpp"

namespace nd::workers {

receipt_notes::columns& receipt_notes::of(const schema::tenant_id& tenant,
                                          const receipt_place& where, schema::instant when) {
    auto& into = tenants_[tenant];
    into.tenants.add(tenant.value.bytes);
    into.requests.add(where.request.bytes);
    into.places.add(where.place);
    into.received.add(when.us);
    return into;
}

void receipt_notes::add(const batch_row& row, schema::user_hasher& hash) {
    if (!row.receipt) return;
    add_user_hash(of(row.tenant, *row.receipt, row.received_at).users, row, hash);
}

void receipt_notes::add(const dead_letter& letter) {
    const auto where = receipt_place_of(letter.request, letter.receipt);
    const auto tenant = letter.key ? schema::tenant_of(*letter.key) : std::nullopt;
    if (!where || !tenant) return;
    of(*tenant, *where, schema::instant{letter.received_ms.value_or(0) * 1000})
        .users.add(std::span<const std::uint8_t>());
}

base::result<> receipt_notes::write(base::pg::connection& on, std::string_view state) const {
    for (const auto& [tenant, c] : tenants_) {
        auto inside = base::pg::tenant_tx::begin(on, to_string(tenant));
        if (!inside) return inside.error();
        const auto noted = inside->exec(sql::note_receipts, state, c.tenants, c.requests, c.places,
                                        c.users, c.received);
        if (!noted) return noted.error();
        if (auto done = inside->commit(); !done) return done.error();
    }
    return {};
}

}  // namespace nd::workers
