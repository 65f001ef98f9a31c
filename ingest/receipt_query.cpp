#include "ingest/receipt_query.hpp"

#include "sql/queries/tenant/receipt_counts.hpp"

#include <utility>

namespace nd::ingest {
namespace {

base::result<receipt_counts> ask(base::pg::connection& on, const schema::receipt& what) {
    auto inside = base::pg::tenant_tx::begin(on, to_string(what.tenant));
    if (!inside) return inside.error();
    const auto rows =
        inside->exec(sql::receipt_counts, to_string(what.request), int{what.accepted});
    if (!rows) return rows.error();
    if (auto done = inside->commit(); !done) return done.error();
    const auto row = (*rows)[0];
    return receipt_counts{row.integer("stored"), row.integer("dead"), row.integer("erased")};
}

}  // namespace

base::task<base::result<receipt_counts>> count_receipt(reader_desk& desk, schema::receipt what) {
    std::function<base::result<receipt_counts>(base::pg::connection&)> question =
        [what](base::pg::connection& on) { return ask(on, what); };
    return desk.ask(std::move(question));
}

}  // namespace nd::ingest
