// ndctl schema retry, enrich and set: what an operator changes about the asking. Called by
// schema_command.
#pragma once

#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <string>

namespace nd::ops {

// What is parked, and what waits for a budget, is asked again; a halt ends.
[[nodiscard]] base::result<report> retry_schemas(const settings& from, const std::string& tenant,
                                                 const std::string& page);

struct enrich_wish {
    std::string tenant;  // empty: all
    bool batch = false;
    bool cancel = false;  // ends the batches that are under way
    bool wait = false;    // until nothing waits any more
};
[[nodiscard]] base::result<report> enrich_schemas(const settings& from, const enrich_wish& wish);

struct enrich_settings {
    std::string tenant;
    std::int64_t min_sessions = 0;  // 0: as it is
    std::string month_budget;       // dollars, "default"; empty: as it is
};
[[nodiscard]] base::result<report> set_enrichment(const settings& from,
                                                  const enrich_settings& wish);

}  // namespace nd::ops
