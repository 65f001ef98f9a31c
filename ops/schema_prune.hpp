// ndctl schema prune: pages that nobody has loaded for long, for good. Called by schema_command.
#pragma once

#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <string>

namespace nd::ops {

// `older_than`: as parse_cutoff (ops/week.hpp) has it. Without a tenant: of all of them.
[[nodiscard]] base::result<report> prune_schemas(const settings& from, const std::string& tenant,
                                                 const std::string& older_than);

}  // namespace nd::ops
