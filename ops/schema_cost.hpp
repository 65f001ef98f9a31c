// ndctl schema cost: the ledger of a month, tenant by tenant, against the budgets. Called by
// schema_command.
#pragma once

#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <string>

namespace nd::ops {

// `month`: YYYY-MM. Errors: invalid when it is none.
[[nodiscard]] base::result<report> schema_cost(const settings& from, const std::string& tenant,
                                               const std::string& month);

}  // namespace nd::ops
