#include "ingest/page_query.hpp"

#include "sql/queries/tenant/known_page.hpp"
#include "sql/queries/tenant/show_page.hpp"
#include "sql/queries/tenant/show_pages.hpp"

#include <utility>

namespace nd::ingest {
namespace {

base::result<bool> ask(base::pg::connection& on, const schema::tenant_id& tenant,
                       const schema::page_fingerprint& page) {
    auto inside = base::pg::tenant_tx::begin(on, to_string(tenant));
    if (!inside) return inside.error();
    const auto rows = inside->exec(sql::known_page, std::span<const std::uint8_t>(page.bytes));
    if (!rows) return rows.error();
    if (auto done = inside->commit(); !done) return done.error();
    return (*rows)[0].boolean("known");
}

constexpr int most_listed = 1000;

base::result<std::string> show(base::pg::connection& on, const schema::tenant_id& tenant,
                               const std::string& page) {
    const auto id = to_string(tenant);
    auto inside = base::pg::tenant_tx::begin(on, id);
    if (!inside) return inside.error();
    const auto rows = page.empty() ? inside->exec(sql::show_pages, id, most_listed)
                                   : inside->exec(sql::show_page, id, page);
    if (!rows) return rows.error();
    if (auto done = inside->commit(); !done) return done.error();
    return rows->empty() ? std::string() : std::string((*rows)[0].text("body"));
}

}  // namespace

base::task<base::result<bool>> knows_page(reader_desk& desk, schema::tenant_id tenant,
                                          schema::page_fingerprint page) {
    std::function<base::result<bool>(base::pg::connection&)> question =
        [tenant, page](base::pg::connection& on) { return ask(on, tenant, page); };
    return desk.ask(std::move(question));
}

base::task<base::result<std::string>> look_up_page(reader_desk& desk, schema::tenant_id tenant,
                                                   std::string page) {
    std::function<base::result<std::string>(base::pg::connection&)> question =
        [tenant, page = std::move(page)](base::pg::connection& on) {
            return show(on, tenant, page);
        };
    return desk.ask(std::move(question));
}

}  // namespace nd::ingest
