// What the isolation tests attack, and how: two tenants with rows, keys and limits, and statements
// tried in a tenant's transaction.
#pragma once

#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <string>
#include <string_view>

namespace nd::tests {

inline constexpr std::string_view denied = "42501";

// Two tenants with a key and a limit each; three events of A and two of B, half of them in a weekly
// partition.
struct two_tenants {
    test_database database;
    base::pg::connection admin = database.admin();
    const std::string a = "'" + to_text(tenant_a) + "'";
    const std::string b = "'" + to_text(tenant_b) + "'";

    two_tenants();
};

[[nodiscard]] std::string with_tenant(const std::string& tenant, const std::string& script);

// The number of rows that a query in the tenant's transaction answers.
[[nodiscard]] std::int64_t seen(base::pg::connection& on, const std::string& tenant,
                                const std::string& query);

// The SQLSTATE with which a script in the tenant's transaction fails, "" when it does not; rolled
// back either way.
[[nodiscard]] std::string refused(base::pg::connection& on, const std::string& tenant,
                                  const std::string& script);

}  // namespace nd::tests
