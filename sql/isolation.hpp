// The check that every program makes before it serves: is tenant isolation safe for the role it
// logged in as? A row-level policy is no control for a role that is, or could become, the owner, a
// superuser or one with BYPASSRLS. `ndctl doctor` shows the findings. Never changes anything.
// Errors: those of the connection.
#pragma once

#include "base/pg.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace nd::sql {

struct isolation_finding {
    std::string code;    // stable: superuser, bypasses_rls, owner, dangerous_right, rls_disabled,
                         // unsafe_policy, ...
    std::string object;  // the role, table, schema or function it is about
    std::string detail;  // a sentence
};

[[nodiscard]] base::result<std::vector<isolation_finding>> check_isolation(
    base::pg::connection& on);

// What a program does with the findings: nothing if there are none, else errc::refused with all of
// them in one sentence.
[[nodiscard]] base::result<> refuse_unsafe(base::pg::connection& on);

}  // namespace nd::sql
