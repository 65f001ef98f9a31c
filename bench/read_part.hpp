// Part of the scenario pages: what GET /v1/schema costs at a steady pace, from nd-ingest's memory
// and now and then from Postgres. Fills bed.into and throws bench_error.
#pragma once

#include "bench/bed.hpp"

#include <cstddef>

namespace nd::bench {

// Of the first `tenants` of the bed's, who have enriched pages: pages in full, pages of which
// nothing is new, and lists. Lifts their limit of reading.
void measure_reads(bed& on, std::size_t tenants);

}  // namespace nd::bench
