#include "bench/scenario.hpp"

#include <algorithm>
#include <array>

namespace nd::bench {
namespace {

constexpr std::array<scenario, 3> all{{
    {"edge", "HTTP to Kafka's acknowledgement, beside a bare responder and producer", run_edge},
    {"writer", "a filled topic to rows, beside COPY without row-level security", run_writer},
    {"pipeline", "HTTP to committed rows, freshness by event identity", run_pipeline},
}};

}  // namespace

std::span<const scenario> scenarios() {
    return all;
}

const scenario* find_scenario(std::string_view name) {
    const auto found = std::ranges::find(all, name, &scenario::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace nd::bench
