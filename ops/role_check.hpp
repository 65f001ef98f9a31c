// doctor's look at Postgres through each configured URL: can it log in, as the role it should, on a
// supported version, and is tenant isolation safe for it? Codes: postgres_unreachable,
// postgres_version, wrong_role, clock_postgres, those of sql/isolation.hpp and of
// sql/queries/role_findings.sql.
#pragma once

#include "base/pg.hpp"
#include "ops/check.hpp"
#include "ops/settings.hpp"

#include <vector>

namespace nd::ops {

// postgres, isolation, roles, and Postgres's clock.
[[nodiscard]] std::vector<check> check_postgres(const settings& from);

// Pure: what to do about a code of sql/isolation.hpp or role_findings.sql.
[[nodiscard]] std::string advice_for(const std::string& code, const std::string& object);

// Pure: 15 and later.
[[nodiscard]] findings check_server_version(const std::string& subject, int version);

}  // namespace nd::ops
