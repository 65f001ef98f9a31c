// Part of the scenario replay: what `ndctl audit` of a range costs, by the range's length and by
// the table that it lies in. Fills bed.into and throws bench_error, also when an audit is not
// equal.
#pragma once

#include "bench/bed.hpp"

#include <cstdint>

namespace nd::bench {

// Ranges of so many rows, of twice as many, and of as many in a table that has at least ten times
// as many from before; with --audit-events, once, of a range of that many.
void measure_audit(bed& on, std::uint64_t rows);

}  // namespace nd::bench
