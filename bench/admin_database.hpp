// The benchmark's own look into the Postgres that is measured, as its superuser. Called by whatever
// prepares it or reads what came of it. Throws bench_error: without it there is nothing to measure.
#pragma once

#include "base/pg.hpp"

#include <cstdint>
#include <string>

namespace nd::bench {

[[nodiscard]] base::pg::connection open_admin(const std::string& url,
                                              const base::pg::open_options& how = {});
// What the statement answered.
base::pg::rows must(base::result<base::pg::rows> said);
// The whole number `n` of its one row.
[[nodiscard]] std::int64_t number(base::result<base::pg::rows> said);

}  // namespace nd::bench
