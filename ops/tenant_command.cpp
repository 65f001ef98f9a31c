// ndctl tenant: customers. A tenant is never deleted here; suspended, its keys answer 403 and its
// events stay.
#include "ops/command_line.hpp"
#include "ops/tenant_create.hpp"
#include "ops/tenant_store.hpp"
#include "ops/text_table.hpp"
#include "sql/queries/list_tenants.hpp"
#include "sql/queries/resume_tenant.hpp"
#include "sql/queries/suspend_tenant.hpp"

#include <fmt/format.h>

#include <memory>

namespace nd::ops {
namespace {

namespace json = boost::json;

base::result<report> list_tenants(const settings& from) {
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto rows = on->exec(sql::list_tenants);
    if (!rows) return rows.error();
    text_table table({"TENANT", "STATE", "CREATED", "NAME"});
    json::array list;
    for (const auto row : *rows) {
        const auto suspended = row.optional_text("suspended_at");
        table.add({std::string(row.text("tenant_id")), suspended ? "suspended" : "active",
                   std::string(row.text("created_at")), std::string(row.text("name"))});
        json::object one{{"tenant_id", row.text("tenant_id")},
                         {"name", row.text("name")},
                         {"created_at", row.text("created_at")}};
        one["suspended_at"] = suspended ? json::value(*suspended) : json::value(nullptr);
        list.push_back(std::move(one));
    }
    const auto text =
        table.empty() ? "There are no tenants yet: ndctl tenant create NAME\n" : table.text();
    return report{{{"tenants", list}}, text, exit_status::fine};
}

base::result<report> change(const settings& from, const std::string& id, base::pg::statement how) {
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, id);
    if (!tenant) return tenant.error();
    const auto rows = on->exec(how, tenant->id);
    if (!rows) return rows.error();
    const auto suspended = (*rows)[0].optional_text("suspended_at");
    report said;
    said.data = {{"tenant_id", tenant->id}, {"name", tenant->name}};
    said.data["suspended_at"] = suspended ? json::value(*suspended) : json::value(nullptr);
    said.text = suspended ? fmt::format(
                                "Tenant \"{}\" is suspended since {}: its keys answer 403 within a "
                                "second where LISTEN "
                                "reaches the front ends, within 60 s otherwise.\n",
                                tenant->name, *suspended)
                          : fmt::format("Tenant \"{}\" is active.\n", tenant->name);
    return said;
}

void add_create(command_line& line) {
    const auto options = std::make_shared<tenant_create_options>();
    auto create =
        line.add("tenant create", "make a tenant, or many",
                 [options](const settings& from) { return create_tenants(from, *options); });
    create.text(options->name, "NAME", "its name, unique [tenant-<random>]");
    create.number(options->count, 1, 1'000'000, "--count",
                  "make so many: NAME-000001, NAME-000002, ...");
    create.flag(options->with_key, "--with-key", "make a key too and show it, once");
    create.text(options->keys_out, "--keys-out",
                "make a key for each and write them to this new file, as JSON lines");
    create.text(options->environment, "--environment", "of those keys: live or test [live]");
    create.text(options->scopes, "--scopes", "of those keys [events,schema,chat]");
}

}  // namespace

void add_tenant(command_line& line) {
    line.group("tenant", "customers: create, list, suspend, resume");
    add_create(line);
    line.add("tenant list", "all tenants", list_tenants);
    const auto one = [&line](const char* words, const char* summary, base::pg::statement how) {
        const auto id = std::make_shared<std::string>();
        line.add(words, summary, [id, how](const settings& from) { return change(from, *id, how); })
            .text(*id, "TENANT", "the tenant's id", needed::yes);
    };
    one("tenant suspend", "refuse its keys from now on; its events stay", sql::suspend_tenant);
    one("tenant resume", "take its keys again", sql::resume_tenant);
}

}  // namespace nd::ops
