#include "ops/role_check.hpp"

#include "ops/clock_reading.hpp"
#include "ops/database.hpp"
#include "ops/role_setup.hpp"
#include "ops/text_table.hpp"
#include "sql/isolation.hpp"
#include "sql/queries/clock.hpp"
#include "sql/queries/role_findings.hpp"

#include <fmt/format.h>

#include <optional>

namespace nd::ops {
namespace {

using clock = std::chrono::system_clock;

// In the order of their use; nd_migrate is the owner's member and nd_backup bypasses row-level
// security, both by design, so isolation is not asked of them.
constexpr std::string settings::*runtime_urls[] = {
    &settings::operator_url, &settings::ingest_url,   &settings::writer_url,
    &settings::reader_url,   &settings::enricher_url,
};

struct areas {
    check postgres{"postgres", {}, {}, false};
    check isolation{"isolation", {}, {}, false};
    check roles{"roles", {}, {}, false};
    check time{"postgres clock", {}, {}, false};
    std::vector<std::string> names;
    std::string server;
    std::size_t isolated = 0;
    bool asked_once = false;
};

finding unasked(const std::string& env, const base::error& problem) {
    // open_database names the variable, and so does the finding.
    const auto& said = problem.detail;
    return {"postgres_unreachable", env,
            said.starts_with(env + " ") ? said.substr(env.size() + 1) : said,
            "start Postgres, or correct the URL: host, port, database, password (ndctl migrate "
            "--roles sets passwords)",
            problem.code == base::errc::unavailable};
}

base::result<> ask_clock(base::pg::connection& on, const std::string& expected,
                         const std::string& env, areas& into) {
    clock_reading reading{clock::now(), {}, {}};
    const auto row = on.exec(sql::clock);
    reading.after = clock::now();
    if (!row) return row.error();
    reading.theirs = clock::time_point(std::chrono::microseconds((*row)[0].integer("now_us")));
    if (const std::string role((*row)[0].text("role")); role != expected) {
        into.postgres.found.push_back({"wrong_role", env,
                                       fmt::format("logs in as {}, wanted {}", role, expected),
                                       "put that role's own user and password into the URL"});
    }
    into.names.push_back(expected);
    if (into.time.detail.empty()) {
        into.time.detail = fmt::format("{:+.1f} s from ours",
                                       static_cast<double>(skew_of(reading).count()) / 1000);
        into.time.found = check_clock("Postgres", reading);
    }
    return {};
}

// Once, through whichever URL works first: the catalogue is the same for all.
base::result<> ask_roles(base::pg::connection& on, areas& into) {
    if (into.asked_once) return {};
    into.asked_once = true;
    const auto version = on.server_version();
    into.server = fmt::format("PostgreSQL {}.{}", version / 10'000, version % 10'000);
    append(into.postgres.found, check_server_version("Postgres", version));
    const auto rows = on.exec(sql::role_findings);
    if (!rows) return rows.error();
    for (const auto row : *rows) {
        const std::string code(row.text("code"));
        const std::string object(row.text("object"));
        into.roles.found.push_back(
            {code, object, std::string(row.text("detail")), advice_for(code, object)});
    }
    return {};
}

base::result<> ask_isolation(base::pg::connection& on, areas& into) {
    const auto said = sql::check_isolation(on);
    if (!said) return said.error();
    ++into.isolated;
    for (const auto& one : *said) {
        into.isolation.found.push_back(
            {one.code, one.object, one.detail, advice_for(one.code, one.object)});
    }
    return {};
}

void ask(const settings& from, std::string settings::*url, bool isolation_too, areas& into) {
    if ((from.*url).empty()) return;
    const std::string env(name_of(url).env);
    auto on = open_database(from, url, std::chrono::seconds(20));
    if (!on) {
        into.postgres.found.push_back(unasked(env, on.error()));
        return;
    }
    auto done = ask_clock(*on, expected_role(url), env, into);
    if (done) done = ask_roles(*on, into);
    if (done && isolation_too) done = ask_isolation(*on, into);
    if (!done) into.postgres.found.push_back(unasked(env, done.error()));
}

}  // namespace

std::vector<check> check_postgres(const settings& from) {
    areas into;
    ask(from, &settings::migrate_url, false, into);
    for (const auto url : runtime_urls)
        ask(from, url, true, into);
    ask(from, &settings::backup_url, false, into);
    drop_repeated(into.isolation.found);
    into.postgres.detail = into.names.empty()
                               ? "not reached"
                               : fmt::format("{} as {}", into.server, fmt::join(into.names, ", "));
    into.postgres.skipped = into.names.empty() && into.postgres.found.empty();
    if (into.postgres.skipped) into.postgres.detail = "no ND_*_DATABASE_URL is set";
    into.isolation.skipped = into.isolated == 0;
    into.isolation.detail = into.isolated == 0
                                ? "not asked"
                                : fmt::format("asked as {}", counted(into.isolated, "role"));
    into.roles.skipped = !into.asked_once;
    into.roles.detail = into.asked_once ? "compared with sql/roles.sql" : "not asked";
    into.time.skipped = into.time.detail.empty();
    if (into.time.skipped) into.time.detail = "not read";
    return {into.postgres, into.isolation, into.roles, into.time};
}

}  // namespace nd::ops
