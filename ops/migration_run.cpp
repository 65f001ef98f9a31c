#include "ops/migration_run.hpp"

#include "base/hmac.hpp"
#include "ops/database.hpp"
#include "sql/migrations.hpp"
#include "sql/queries/become_owner.hpp"
#include "sql/queries/create_migrations.hpp"
#include "sql/queries/grant_migrations.hpp"
#include "sql/queries/has_migrations.hpp"
#include "sql/queries/lock_migrations.hpp"
#include "sql/queries/read_migrations.hpp"
#include "sql/queries/record_migration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace nd::ops {
namespace {

base::result<> lock(base::pg::connection& on) {
    for (int attempt = 0; attempt < 240; ++attempt) {
        auto asked = on.exec(sql::lock_migrations);
        if (!asked) return asked.error();
        if ((*asked)[0].boolean("locked")) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
    return base::failure(
        base::errc::busy,
        "another ndctl migrate has held the lock for a minute: wait for it, or look for its "
        "session in pg_stat_activity (application_name ndctl)");
}

base::result<> apply(base::pg::connection& on, const migration_file& file) {
    const auto named = [&file](base::error problem) {
        problem.detail = fmt::format("migration {}: {}. Nothing of this file was applied.",
                                     file.name, problem.detail);
        return problem;
    };
    auto inside = base::pg::transaction::begin(on);
    if (!inside) return named(inside.error());
    if (auto done = inside->exec_script(file.sql); !done) return named(done.error());
    auto row = inside->exec(sql::record_migration, file.number, file.name, file.checksum);
    if (!row) return named(row.error());
    if (auto done = inside->commit(); !done) return named(done.error());
    return {};
}

}  // namespace

std::vector<migration_file> embedded_migrations() {
    std::vector<migration_file> files;
    for (const auto& file : sql::migrations()) {
        files.push_back({file.number, fmt::format("{:03}_{}", file.number, file.name), file.text,
                         base::to_hex(base::sha256(file.text))});
    }
    return files;
}

base::result<> become_owner(base::pg::connection& on) {
    auto done = on.exec(sql::become_owner);
    if (done) return {};
    auto problem = done.error();
    if (problem.code != base::errc::unavailable) {
        problem.detail +=
            ". ND_MIGRATE_DATABASE_URL must log in as nd_migrate; `ndctl migrate --roles` makes "
            "the "
            "roles and their membership.";
    }
    return problem;
}

base::result<std::vector<migration_step>> migration_states(base::pg::connection& on) {
    auto present = on.exec(sql::has_migrations);
    if (!present) return present.error();
    std::vector<applied_migration> applied;
    if ((*present)[0].boolean("present")) {
        auto rows = on.exec(sql::read_migrations);
        if (!rows) return rows.error();
        for (const auto row : *rows) {
            applied.push_back({static_cast<int>(row.integer("number")),
                               std::string(row.text("name")), std::string(row.text("sha256")),
                               std::string(row.text("applied_at"))});
        }
    }
    return compare_migrations(embedded_migrations(), applied);
}

base::result<std::vector<std::string>> apply_migrations(const settings& from) {
    auto on = open_database(from, &settings::migrate_url, no_deadline);
    if (!on) return on.error();
    if (auto owner = become_owner(*on); !owner) return owner.error();
    if (auto locked = lock(*on); !locked) return locked.error();
    if (auto table = on->exec(sql::create_migrations); !table) return table.error();
    if (auto granted = on->exec(sql::grant_migrations); !granted) return granted.error();
    const auto steps = migration_states(*on);
    if (!steps) return steps.error();
    if (auto may = may_apply(*steps); !may) return may.error();
    std::vector<std::string> applied;
    for (const auto& file : embedded_migrations()) {
        const auto pending = [&file](const migration_step& step) {
            return step.number == file.number && step.state == migration_state::pending;
        };
        if (std::none_of(steps->begin(), steps->end(), pending)) continue;
        if (auto done = apply(*on, file); !done) return done.error();
        applied.push_back(file.name);
    }
    return applied;
}

}  // namespace nd::ops
