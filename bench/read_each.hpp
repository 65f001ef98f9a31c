// Asks for pages one after another, over one connection: what a load of the same then repeats, and
// the entity tags for it. Used by the scenario pages.
#pragma once

#include "bench/load.hpp"

#include <span>
#include <string>
#include <vector>

namespace nd::bench {

struct read_answer {
    std::string etag;  // empty: it has none
    std::string body;
};

// In the order of `reads`, from the server of `over`. Throws bench_error unless each of them is
// answered with what it wants, within 30 seconds in all.
[[nodiscard]] std::vector<read_answer> read_each(const load_plan& over,
                                                 std::span<const page_read> reads);

}  // namespace nd::bench
