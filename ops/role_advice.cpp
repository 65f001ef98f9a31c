#include "ops/role_check.hpp"

#include <fmt/format.h>

namespace nd::ops {
namespace {

struct advice {
    const char* code;
    const char* text;  // {} is the object
};

constexpr const char* roles_again = "ndctl migrate --roles sets every role as sql/roles.sql says";
constexpr const char* as_superuser = "as a superuser: ";

constexpr advice known[] = {
    {"superuser",
     "ALTER ROLE {} NOSUPERUSER (ndctl migrate --roles does it); give the program its own role's "
     "URL"},
    {"bypasses_rls", "ALTER ROLE {} NOBYPASSRLS (ndctl migrate --roles does it)"},
    {"creates_roles", "ALTER ROLE {} NOCREATEROLE (ndctl migrate --roles does it)"},
    {"owner",
     "programs log in as their own role, which neither owns tables nor is a member of {}: REVOKE "
     "{} FROM that role"},
    {"auditor",
     "REVOKE nd_auditor FROM the program's role; nd_auditor itself reads four columns of nd.events "
     "and nothing else: REVOKE the right named"},
    {"server_access", "REVOKE {} FROM the program's role"},
    {"dangerous_right", "REVOKE TRUNCATE, REFERENCES, TRIGGER ON {} FROM the role named"},
    {"missing_table", "ndctl migrate"},
    {"rls_disabled",
     "as nd_owner: ALTER TABLE {} ENABLE ROW LEVEL SECURITY; then find out who switched it off"},
    {"rls_not_forced",
     "as nd_owner: ALTER TABLE {} FORCE ROW LEVEL SECURITY; then find out who switched it off"},
    {"no_tenant_policy",
     "as nd_owner: make the policy of sql/migrations for {} again; until then nobody sees its "
     "rows"},
    {"unsafe_policy",
     "as nd_owner: DROP POLICY (the one named) ON {}; it lets rows of other tenants through"},
    {"public_grant", "REVOKE ALL ON {} FROM PUBLIC"},
    {"partition_rls",
     "as nd_owner: ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"},
    {"partition_policy",
     "as nd_owner: DROP POLICY (the one named) ON {}; partitions are reached through nd.events "
     "only"},
    {"partition_grant",
     "as nd_owner: REVOKE ALL ON {} FROM whoever has it; partitions are reached through nd.events "
     "only"},
    {"public_may_create", "REVOKE CREATE, TEMP ON {} FROM PUBLIC (of a schema: CREATE)"},
    {"may_create", "REVOKE CREATE, TEMP ON {} FROM the role named (of a schema: CREATE)"},
    {"view_bypasses_rls", "DROP VIEW {}, or ALTER VIEW {} SET (security_invoker = true)"},
    {"function_bypasses_rls", "DROP FUNCTION {}, or ALTER FUNCTION {} SECURITY INVOKER"},
    {"role_missing", roles_again},
    {"role_too_strong", roles_again},
    {"role_too_weak", roles_again},
    {"owner_member", "REVOKE nd_owner FROM {}"},
    {"migrate_no_member", roles_again},
    {"writer_replans", roles_again},
};

std::string filled(std::string_view text, const std::string& object) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto hole = text.find("{}", at);
        out += text.substr(at, hole - at);
        if (hole == std::string_view::npos) break;
        out += object;
        at = hole + 2;
    }
    return out;
}

}  // namespace

std::string advice_for(const std::string& code, const std::string& object) {
    for (const auto& one : known) {
        if (one.code != code) continue;
        const std::string text = filled(one.text, object);
        return text.starts_with("REVOKE") || text.starts_with("DROP") ? as_superuser + text : text;
    }
    return fmt::format("compare {} with sql/roles.sql and sql/migrations", object);
}

findings check_server_version(const std::string& subject, int version) {
    if (version >= 150'000) return {};
    return {{"postgres_version", subject,
             fmt::format("is PostgreSQL {}.{}", version / 10'000, version % 10'000),
             "move to PostgreSQL 15 or later"}};
}

}  // namespace nd::ops
