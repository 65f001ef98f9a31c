// ndctl schema list, show and parked: what there is of pages, and what waits for a person. Called
// by schema_command.
#pragma once

#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <string>

namespace nd::ops {

// Without a tenant: how far each one is. With one: its pages.
[[nodiscard]] base::result<report> list_schemas(const settings& from, const std::string& tenant);
// What GET /v1/schema?page= answers.
[[nodiscard]] base::result<report> show_schema(const settings& from, const std::string& tenant,
                                               const std::string& page);
// A finding when there are any.
[[nodiscard]] base::result<report> list_parked(const settings& from, const std::string& tenant,
                                               std::int64_t most);

}  // namespace nd::ops
