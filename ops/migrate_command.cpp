// ndctl migrate: roles (when asked), then the migrations that are pending; or only says where the
// database stands.
#include "ops/command_line.hpp"
#include "ops/database.hpp"
#include "ops/migration_run.hpp"
#include "ops/role_setup.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <memory>

namespace nd::ops {
namespace {

struct migrate_options {
    bool roles = false;
    bool status_only = false;
};

base::result<report> tell_status(const settings& from) {
    auto on = open_database(from, &settings::migrate_url);
    if (!on) return on.error();
    if (auto owner = become_owner(*on); !owner) return owner.error();
    const auto steps = migration_states(*on);
    if (!steps) return steps.error();
    text_table table({"MIGRATION", "STATE", "APPLIED"});
    boost::json::array list;
    bool all_applied = true;
    for (const auto& step : *steps) {
        table.add({step.name, std::string(to_string(step.state)), step.applied_at});
        list.push_back(boost::json::object{{"number", step.number},
                                           {"name", step.name},
                                           {"state", to_string(step.state)},
                                           {"applied_at", step.applied_at}});
        all_applied = all_applied && step.state == migration_state::applied;
    }
    report said{
        {{"up_to_date", all_applied}, {"migrations", list}}, table.text(), exit_status::fine};
    if (all_applied) return said;
    said.status = exit_status::finding;
    const auto may = may_apply(*steps);
    said.text += may ? "\nNot up to date: run ndctl migrate.\n" : "\n" + may.error().detail + "\n";
    return said;
}

std::string list_of(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

base::result<report> run_migrate(const settings& from, const migrate_options& options) {
    if (options.status_only) return tell_status(from);
    report said;
    if (options.roles) {
        if (auto given = require(from, {&settings::admin_url, &settings::migrate_url}); !given)
            return given.error();
        const auto roles = set_up_roles(from);
        if (!roles) return roles.error();
        said.data["passwords_set"] = boost::json::value_from(*roles);
        said.text += roles->empty() ? "Roles are in place; no URL carries a password to set.\n"
                                    : fmt::format("Roles are in place; passwords set for {}.\n",
                                                  list_of(*roles));
    }
    const auto applied = apply_migrations(from);
    if (!applied) return applied.error();
    said.data["applied"] = boost::json::value_from(*applied);
    said.text += applied->empty()
                     ? "The database is up to date.\n"
                     : fmt::format("Applied {}: {}.\n", counted(applied->size(), "migration"),
                                   list_of(*applied));
    return said;
}

}  // namespace

void add_migrate(command_line& line) {
    const auto options = std::make_shared<migrate_options>();
    auto migrate =
        line.add("migrate", "bring the database to this release's tables",
                 [options](const settings& from) { return run_migrate(from, *options); });
    migrate.flag(
        options->roles, "--roles",
        "first make the roles, as ND_ADMIN_DATABASE_URL, with the passwords of the other URLs");
    migrate.flag(options->status_only, "--status", "only say what is applied and what is pending");
    migrate.not_both("--roles", "--status");
}

}  // namespace nd::ops
