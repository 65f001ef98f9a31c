// ndctl limits: a tenant's own requests per minute, class by class, in place of the defaults.
#include "ops/command_line.hpp"
#include "ops/tenant_store.hpp"
#include "ops/text_table.hpp"
#include "schema/limits.hpp"
#include "sql/queries/tenant/set_limit.hpp"
#include "sql/queries/tenant/show_limits.hpp"
#include "sql/queries/tenant/unset_limit.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <map>
#include <memory>

namespace nd::ops {
namespace {

namespace json = boost::json;

struct limit_options {
    std::string tenant;
    std::string limit_class;
    std::int64_t per_minute = 0;
};

// What applies now, after whatever was changed in the same transaction.
base::result<report> tell(base::pg::tenant_tx& inside, const known_tenant& tenant) {
    const auto rows = inside.exec(sql::show_limits, tenant.id);
    if (!rows) return rows.error();
    std::map<std::string, std::int64_t> own;
    for (const auto row : *rows)
        own[std::string(row.text("limit_class"))] = row.integer("per_minute");
    text_table table({"CLASS", "PER MINUTE", "DEFAULT", ""});
    json::array list;
    for (const auto which : schema::limit_classes) {
        const std::string name(to_string(which));
        const auto usual = schema::default_limit(which);
        const auto found = own.find(name);
        const auto value = found == own.end() ? std::int64_t{usual} : found->second;
        table.add({name, std::to_string(value), std::to_string(usual),
                   found == own.end() ? "" : "set for this tenant"});
        list.push_back(json::object{{"class", name},
                                    {"per_minute", value},
                                    {"default", usual},
                                    {"set", found != own.end()}});
    }
    return report{
        {{"tenant_id", tenant.id}, {"limits", list}},
        fmt::format("Tenant \"{}\", requests in any 60 seconds:\n{}", tenant.name, table.text()),
        exit_status::fine};
}

base::result<report> with_tenant(
    const settings& from, const std::string& id,
    const std::function<base::result<>(base::pg::tenant_tx&, const std::string&)>& change) {
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, id);
    if (!tenant) return tenant.error();
    auto inside = base::pg::tenant_tx::begin(*on, tenant->id);
    if (!inside) return inside.error();
    if (auto changed = change(*inside, tenant->id); !changed) return changed.error();
    auto said = tell(*inside, *tenant);
    if (auto done = inside->commit(); !done) return done.error();
    return said;
}

base::result<report> show_limits(const settings& from, const limit_options& options) {
    return with_tenant(from, options.tenant,
                       [](base::pg::tenant_tx&, const std::string&) { return base::result<>(); });
}

base::result<report> set_limit(const settings& from, const limit_options& options) {
    return with_tenant(
        from, options.tenant,
        [&](base::pg::tenant_tx& inside, const std::string& tenant) -> base::result<> {
            auto done =
                inside.exec(sql::set_limit, tenant, options.limit_class, options.per_minute);
            if (!done) return done.error();
            return {};
        });
}

base::result<report> unset_limit(const settings& from, const limit_options& options) {
    return with_tenant(
        from, options.tenant,
        [&](base::pg::tenant_tx& inside, const std::string& tenant) -> base::result<> {
            auto done = inside.exec(sql::unset_limit, tenant, options.limit_class);
            if (!done) return done.error();
            return {};
        });
}

base::result<> known_class(const std::string& name) {
    if (schema::parse_limit_class(name)) return {};
    return base::failure(
        base::errc::invalid,
        fmt::format("--class: \"{}\" is no limit class; there are events, schema, chat and read",
                    name));
}

}  // namespace

void add_limits(command_line& line) {
    line.group("limits", "requests per minute of a tenant: set, show, unset");
    const auto add = [&line](const char* words, const char* summary, auto run, bool names_class) {
        const auto options = std::make_shared<limit_options>();
        auto made = line.add(words, summary, [=](const settings& from) -> base::result<report> {
            if (auto known = names_class ? known_class(options->limit_class) : base::result<>();
                !known)
                return known.error();
            return run(from, *options);
        });
        made.text(options->tenant, "--tenant", "the tenant's id", needed::yes);
        if (names_class)
            made.text(options->limit_class, "--class", "events, schema, chat or read", needed::yes);
        return std::pair(made, options);
    };
    auto [set, options] = add("limits set", "override the default for one class", set_limit, true);
    set.number(options->per_minute, 1, schema::max_limit, "--per-minute",
               "requests in any 60 seconds, 1 to 6000", needed::yes);
    add("limits show", "what applies to a tenant now", show_limits, false);
    add("limits unset", "back to the default for one class", unset_limit, true);
}

}  // namespace nd::ops
