#include "ops/schema_list.hpp"

#include "ops/printable.hpp"
#include "ops/schema_store.hpp"
#include "ops/text_table.hpp"
#include "sql/queries/model_halt.hpp"
#include "sql/queries/tenant/parked_jobs.hpp"
#include "sql/queries/tenant/schema_counts.hpp"
#include "sql/queries/tenant/show_page.hpp"
#include "sql/queries/tenant/show_pages.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace nd::ops {
namespace {

namespace json = boost::json;
constexpr int most_pages = 1000;

// Why nothing is asked at all, as the end of an answer.
base::result<std::string> halt_note(schema_store& store, json::object& data) {
    const auto rows = store.on().exec(sql::model_halt);
    if (!rows) return rows.error();
    const std::string reason(rows->empty() ? "" : (*rows)[0].text("reason"));
    data["halted"] = reason;
    if (reason.empty()) return std::string();
    return fmt::format(
        "\nNothing is asked of the model: {}\nOnce that is mended: ndctl schema retry\n",
        printable(reason));
}

base::result<report> count_tenants(const settings& from) {
    auto store = schema_store::open(from, "");
    if (!store) return store.error();
    text_table table(
        {"TENANT", "NAME", "PAGES", "VERSIONS", "ENRICHED", "WAITING", "ASKED", "PARKED"});
    json::array list;
    const auto done = store->each([&](auto& inside, const auto& tenant) -> base::result<> {
        const auto rows = inside.exec(sql::schema_counts, tenant.id);
        if (!rows) return rows.error();
        const auto row = (*rows)[0];
        if (row.integer("versions") == 0) return {};
        json::object one{{"tenant_id", tenant.id}, {"name", tenant.name}};
        std::vector<std::string> cells{tenant.id, printable(tenant.name)};
        for (const auto* column : {"pages", "versions", "enriched", "queued", "asked", "parked"}) {
            one[column] = row.integer(column);
            cells.push_back(std::to_string(row.integer(column)));
        }
        one["without_budget"] = row.integer("without_budget");
        list.push_back(std::move(one));
        table.add(std::move(cells));
        return {};
    });
    if (!done) return done.error();
    report said{{{"tenants", std::move(list)}}, "", exit_status::fine};
    const auto note = halt_note(*store, said.data);
    if (!note) return note.error();
    said.text = (table.empty() ? "No tenant has sent a page yet.\n" : table.text()) + *note;
    return said;
}

base::result<report> list_pages(const settings& from, const std::string& tenant) {
    auto store = schema_store::open(from, tenant);
    if (!store) return store.error();
    report said;
    text_table table({"PAGE", "TITLE", "ENRICHED", "LAST SEEN", "FINGERPRINT"});
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        const auto rows = inside.exec(sql::show_pages, of.id, most_pages);
        if (!rows) return rows.error();
        said.data = json::parse((*rows)[0].text("body")).as_object();
        return {};
    });
    if (!done) return done.error();
    for (const auto& one : said.data.at("pages").as_array()) {
        const auto& page = one.as_object();
        const auto text = [&page](const char* name) {
            return printable(std::string(page.at(name).as_string()));
        };
        table.add({text("page"), text("title"), page.at("enriched").as_bool() ? "yes" : "not yet",
                   text("last_seen"), text("fingerprint").substr(0, 12)});
    }
    const auto note = halt_note(*store, said.data);
    if (!note) return note.error();
    said.text = (table.empty() ? "The tenant has sent no page yet.\n" : table.text()) + *note;
    return said;
}

}  // namespace

base::result<report> list_schemas(const settings& from, const std::string& tenant) {
    return tenant.empty() ? count_tenants(from) : list_pages(from, tenant);
}

base::result<report> show_schema(const settings& from, const std::string& tenant,
                                 const std::string& page) {
    auto store = schema_store::open(from, tenant);
    if (!store) return store.error();
    report said;
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        const auto rows = inside.exec(sql::show_page, of.id, page);
        if (!rows) return rows.error();
        if (rows->empty())
            return base::failure(
                base::errc::not_found,
                "the tenant has no such page: ndctl schema list --tenant shows them");
        said.text = (*rows)[0].text("body");
        said.data = json::parse(said.text).as_object();
        return {};
    });
    if (!done) return done.error();
    return said;
}

base::result<report> list_parked(const settings& from, const std::string& tenant,
                                 std::int64_t most) {
    auto store = schema_store::open(from, tenant);
    if (!store) return store.error();
    text_table table({"TENANT", "PAGE", "SINCE", "TRIES", "REASON"});
    json::array list;
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        const auto rows = inside.exec(sql::parked_jobs, of.id, most);
        if (!rows) return rows.error();
        for (const auto row : *rows) {
            const std::string page(row.text("page"));
            const std::string reason(row.text("reason"));
            table.add({of.id, printable(page), std::string(row.text("since")),
                       std::to_string(row.integer("attempts")), printable(reason)});
            list.push_back(json::object{{"tenant_id", of.id},
                                        {"page", page},
                                        {"since", row.text("since")},
                                        {"attempts", row.integer("attempts")},
                                        {"reason", reason}});
        }
        return {};
    });
    if (!done) return done.error();
    const bool any = !table.empty();
    report said{{{"parked", std::move(list)}}, "", any ? exit_status::finding : exit_status::fine};
    const auto note = halt_note(*store, said.data);
    if (!note) return note.error();
    said.text = (any ? table.text() + "\nndctl schema retry asks about them again.\n"
                     : "Nothing is parked.\n") +
                *note;
    return said;
}

}  // namespace nd::ops
