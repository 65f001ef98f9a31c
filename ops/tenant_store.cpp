#include "ops/tenant_store.hpp"

#include "base/pg_array.hpp"
#include "ops/database.hpp"
#include "schema/uuid.hpp"
#include "sql/isolation.hpp"
#include "sql/queries/find_tenant.hpp"
#include "sql/queries/register_tenants.hpp"

#include <fmt/format.h>

namespace nd::ops {
namespace {

base::pg::text_array texts(std::span<const std::string> values) {
    base::pg::text_array array;
    for (const auto& value : values)
        array.add(std::string_view(value));
    return array;
}

base::error named(base::error problem, std::span<const std::string> names) {
    if (problem.sqlstate == "23505") {
        problem.code = base::errc::refused;
        problem.detail =
            names.size() == 1
                ? fmt::format("there is a tenant named \"{}\" already (ndctl tenant list)",
                              names[0])
                : fmt::format(
                      "a tenant with one of the names \"{}\" to \"{}\" exists already: give "
                      "another NAME",
                      names.front(), names.back());
    }
    return problem;
}

}  // namespace

base::result<base::pg::connection> open_operator(const settings& from) {
    auto on = open_database(from, &settings::operator_url);
    if (!on) return on.error();
    if (auto safe = sql::refuse_unsafe(*on); !safe) {
        auto problem = safe.error();
        problem.detail =
            "ND_OPERATOR_DATABASE_URL: " + problem.detail + ". ndctl doctor says what to do.";
        return problem;
    }
    return on;
}

base::result<known_tenant> find_tenant(base::pg::connection& on, const std::string& id) {
    if (!schema::parse_uuid(id)) {
        return base::failure(
            base::errc::invalid,
            fmt::format("\"{}\" is not a tenant's id: give the UUID that ndctl tenant list shows",
                        id));
    }
    const auto rows = on.exec(sql::find_tenant, id);
    if (!rows) return rows.error();
    if (rows->empty()) {
        return base::failure(base::errc::not_found,
                             fmt::format("there is no tenant {} (ndctl tenant list)", id));
    }
    return known_tenant{to_string(*schema::parse_uuid(id)), std::string((*rows)[0].text("name")),
                        (*rows)[0].boolean("suspended")};
}

base::result<std::vector<std::string>> register_tenants(base::pg::connection& on,
                                                        std::span<const std::string> names,
                                                        std::span<const issued_key> keys,
                                                        std::string_view environment,
                                                        const std::vector<std::string>& scopes) {
    base::pg::bytea_array hashes;
    base::pg::text_array prefixes;
    base::pg::text_array last4s;
    for (const auto& key : keys) {
        hashes.add(key.hash);
        prefixes.add(std::string_view(key.prefix));
        last4s.add(std::string_view(key.last4));
    }
    using base::pg::param;
    const auto given = [&keys](const base::pg::binary_array& array) {
        return keys.empty() ? param(nullptr) : param(array);
    };
    const auto name_texts = texts(names);
    const auto scope_texts = texts(scopes);
    const auto rows = on.exec(sql::register_tenants, name_texts, given(hashes), given(prefixes),
                              given(last4s), environment, scope_texts);
    if (!rows) return named(rows.error(), names);
    std::vector<std::string> ids;
    for (const auto row : *rows)
        ids.emplace_back(row.text("tenant_id"));
    return ids;
}

}  // namespace nd::ops
