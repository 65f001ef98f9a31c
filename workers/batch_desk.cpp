#include "workers/batch_desk.hpp"

#include "sql/queries/tenant/add_batch.hpp"
#include "sql/queries/tenant/move_batch.hpp"
#include "sql/queries/tenant/open_calls_of_batch.hpp"
#include "sql/queries/tenant/pick_batch.hpp"
#include "sql/queries/tenants_with_batches.hpp"
#include "workers/asked_json.hpp"
#include "workers/random_id.hpp"

namespace nd::workers {

base::result<known_batch> batch_desk::add(const schema::tenant_id& tenant,
                                          std::chrono::seconds lease) {
    const auto db = jobs_.connection();
    if (!db) return db.error();
    const auto id = schema::to_string(tenant);
    known_batch made{tenant, random_id()};
    auto tx = base::pg::tenant_tx::begin(**db, id);
    if (!tx) return tx.error();
    const auto added = tx->exec(sql::add_batch, id, made.ref, lease.count());
    if (!added) return added.error();
    if (auto committed = tx->commit(); !committed) return committed.error();
    return made;
}

base::result<std::optional<known_batch>> batch_desk::pick(std::chrono::seconds lease) {
    const auto db = jobs_.connection();
    if (!db) return db.error();
    const auto tenants = (*db)->exec(sql::tenants_with_batches);
    if (!tenants) return tenants.error();
    for (const auto one : *tenants) {
        const std::string id(one.text("tenant_id"));
        auto tx = base::pg::tenant_tx::begin(**db, id);
        if (!tx) return tx.error();
        const auto rows = tx->exec(sql::pick_batch, id, lease.count());
        if (!rows) return rows.error();
        if (rows->empty()) continue;
        if (auto committed = tx->commit(); !committed) return committed.error();
        const auto row = (*rows)[0];
        return std::optional(
            known_batch{schema::parse_tenant_id(id).value(), std::string(row.text("batch_ref")),
                        std::string(row.text("state")), std::string(row.text("input_file_id")),
                        std::string(row.text("batch_id")), row.boolean("cancel"),
                        std::chrono::seconds(row.integer("age_s"))});
    }
    return std::optional<known_batch>();
}

base::result<> batch_desk::move(known_batch& which, std::string_view state,
                                std::chrono::seconds next, const std::string& outcome) {
    const auto db = jobs_.connection();
    if (!db) return db.error();
    const auto id = schema::to_string(which.tenant);
    auto tx = base::pg::tenant_tx::begin(**db, id);
    if (!tx) return tx.error();
    const auto moved = tx->exec(sql::move_batch, id, which.ref, which.state, state,
                                which.input_file_id, which.batch_id, next.count(), outcome);
    if (!moved) return moved.error();
    if (moved->empty()) return base::failure(base::errc::conflict, "another moved the batch");
    if (auto committed = tx->commit(); !committed) return committed;
    which.state = state;
    return {};
}

base::result<std::vector<open_call>> batch_desk::open_calls(const known_batch& which) {
    const auto db = jobs_.connection();
    if (!db) return db.error();
    const auto id = schema::to_string(which.tenant);
    auto tx = base::pg::tenant_tx::begin(**db, id);
    if (!tx) return tx.error();
    const auto rows = tx->exec(sql::open_calls_of_batch, id, which.ref);
    if (!rows) return rows.error();
    std::vector<open_call> made;
    for (const auto row : *rows) {
        auto asked = read_asked(row.text("asked"));
        if (!asked) return asked.error();
        made.push_back({std::string(row.text("call_id")), std::move(*asked)});
    }
    return made;
}

}  // namespace nd::workers
