#include "ops/database_check.hpp"

#include "ops/database.hpp"
#include "ops/migration_run.hpp"
#include "ops/partition_store.hpp"
#include "ops/text_table.hpp"
#include "sql/queries/partition_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {
namespace {

check unasked(check seen, const base::error& problem) {
    seen.found.push_back({"postgres_unreachable", seen.name, problem.detail,
                          "correct the URL, or see the other findings first",
                          problem.code == base::errc::unavailable});
    return seen;
}

check ask_migrations(base::pg::connection& on) {
    check seen{"migrations", {}, {}, false};
    const auto steps = migration_states(on);
    if (!steps) return unasked(std::move(seen), steps.error());
    seen.found = judge_migrations(*steps);
    seen.detail = counted(steps->size(), "migration");
    return seen;
}

check ask_partitions(base::pg::connection& on, bool as_owner) {
    check seen{"partitions", {}, {}, false};
    const auto rows = on.exec(sql::partition_names);
    if (!rows) return unasked(std::move(seen), rows.error());
    std::vector<std::string> names;
    for (const auto row : *rows)
        names.emplace_back(row.text("name"));
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    seen.found = judge_partitions(names, today);
    seen.detail =
        names.empty() ? "none" : fmt::format("{}, the last is nd.{}", names.size(), names.back());
    if (!as_owner) {
        seen.detail += "; the default one not looked into without ND_MIGRATE_DATABASE_URL";
        return seen;
    }
    const auto caught = caught_weeks(on);
    if (!caught && caught.error().sqlstate == "55P03") {
        seen.found.push_back({"partition_default_locked", "nd.events_default",
                              "is locked by a long transaction",
                              "end that transaction (pg_stat_activity, pg_locks), or writers of "
                              "late events wait too"});
        return seen;
    }
    if (!caught) return unasked(std::move(seen), caught.error());
    if (!caught->empty()) {
        seen.found.push_back(
            {"partition_default_rows", "nd.events_default",
             fmt::format("holds rows of {}, the first begins {}", counted(caught->size(), "week"),
                         first_day(caught->front())),
             "ndctl partitions moves them into partitions of their own"});
    }
    return seen;
}

}  // namespace

findings judge_migrations(const std::vector<migration_step>& steps) {
    findings found;
    for (const auto& step : steps) {
        if (step.state == migration_state::applied) continue;
        const auto code = fmt::format("migrations_{}", to_string(step.state));
        if (step.state == migration_state::pending) {
            found.push_back({code, step.name, "is not applied", "ndctl migrate"});
            continue;
        }
        found.push_back(
            {code, step.name, problem_of(step), "ndctl migrate --status shows all of them"});
    }
    return found;
}

findings judge_partitions(const std::vector<std::string>& names, std::chrono::sys_days today) {
    findings found;
    for (const auto& one : weeks_around(today, 0, least_weeks_ahead)) {
        const auto name = partition_name(one);
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        found.push_back({"partitions_short", "nd." + name,
                         fmt::format("the week from {} has no partition", first_day(one)),
                         "ndctl partitions, and see why the daily run of it stopped"});
    }
    return found;
}

std::vector<check> check_database(const settings& from) {
    const bool as_owner = !from.migrate_url.empty();
    const auto url = as_owner ? &settings::migrate_url : &settings::operator_url;
    if ((from.*url).empty()) {
        return {
            {"migrations", "neither ND_MIGRATE_ nor ND_OPERATOR_DATABASE_URL is set", {}, true}};
    }
    auto on = open_database(from, url, no_deadline);
    if (!on) return {{"migrations", "not asked", {}, true}};  // check_postgres has said why
    if (as_owner) {
        if (auto owner = become_owner(*on); !owner)
            return {unasked({"migrations", {}, {}, false}, owner.error())};
    }
    auto migrations = ask_migrations(*on);
    // Without the tables there is nothing to ask partitions of.
    if (!migrations.found.empty()) return {std::move(migrations)};
    return {std::move(migrations), ask_partitions(*on, as_owner)};
}

}  // namespace nd::ops
