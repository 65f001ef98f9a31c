#include "ops/role_setup.hpp"

#include "base/pg_url.hpp"
#include "ops/database.hpp"
#include "sql/migrations.hpp"
#include "sql/queries/put_role_password.hpp"
#include "sql/queries/set_role_password.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace nd::ops {
namespace {

constexpr std::string settings::*login_urls[] = {
    &settings::migrate_url, &settings::operator_url, &settings::ingest_url, &settings::reader_url,
    &settings::writer_url,  &settings::enricher_url, &settings::backup_url,
};

base::result<> set_password(base::pg::connection& admin, const role_password& wanted) {
    auto verifier = admin.password_verifier(wanted.role, wanted.password);
    if (!verifier) return verifier.error();
    auto inside = base::pg::transaction::begin(admin);
    if (!inside) return inside.error();
    if (auto put = inside->exec(sql::put_role_password, wanted.role, *verifier); !put)
        return put.error();
    if (auto set = inside->exec(sql::set_role_password); !set) return set.error();
    return inside->commit();
}

}  // namespace

std::string expected_role(std::string settings::*url) {
    // ND_WRITER_DATABASE_URL: the variable's own name, so that the two cannot drift apart.
    const std::string_view env = name_of(url).env;
    std::string role(env.substr(0, env.find("_DATABASE_URL")));
    std::transform(role.begin(), role.end(), role.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return role;
}

base::result<std::vector<role_password>> planned_passwords(const settings& from) {
    std::vector<role_password> planned;
    std::string problems;
    for (const auto url : login_urls) {
        if ((from.*url).empty()) continue;
        const auto role = expected_role(url);
        const auto parts = base::pg::parse_connection_url(from.*url);
        std::string problem;
        if (!parts) {
            problem = parts.error().detail;
        } else if (parts->user != role) {
            problem = fmt::format("logs in as \"{}\", not as {}", parts->user, role);
        }
        if (!problem.empty()) {
            problems += fmt::format("{}{} {}", problems.empty() ? "" : "\n       ",
                                    name_of(url).env, problem);
        } else if (!parts->password.empty()) {
            planned.push_back({role, parts->password});
        }
    }
    if (!problems.empty()) return base::failure(base::errc::invalid, problems);
    return planned;
}

base::result<std::vector<std::string>> set_up_roles(const settings& from) {
    const auto planned = planned_passwords(from);
    if (!planned) return planned.error();
    auto admin = open_database(from, &settings::admin_url);
    if (!admin) return admin.error();
    if (auto done = admin->exec_script(sql::roles); !done) {
        auto problem = done.error();
        problem.detail = "sql/roles.sql as ND_ADMIN_DATABASE_URL: " + problem.detail;
        return problem;
    }
    std::vector<std::string> names;
    for (const auto& wanted : *planned) {
        if (auto set = set_password(*admin, wanted); !set) return set.error();
        names.push_back(wanted.role);
    }
    return names;
}

}  // namespace nd::ops
