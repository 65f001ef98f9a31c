// Gives tenants the largest limit that there is (6,000 requests a minute), for scenarios in which a
// few of them send a lot. Before nd-ingest starts, so that it knows.
#pragma once

#include "bench/bed.hpp"
#include "schema/limits.hpp"

#include <span>
#include <string>

namespace nd::bench {

// Throws bench_error when Postgres does not take it.
void lift_limits(bed& on, std::span<const std::string> tenants,
                 schema::limit_class of = schema::limit_class::events);

}  // namespace nd::bench
