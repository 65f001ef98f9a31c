#include "bench/scenario.hpp"

#include <algorithm>
#include <array>

namespace nd::bench {
namespace {

constexpr std::array<scenario, 11> all{{
    {"edge", "HTTP to Kafka's acknowledgement, beside a bare responder and producer", run_edge},
    {"writer", "a filled topic to rows, beside COPY without row-level security", run_writer},
    {"pipeline", "HTTP to committed rows, freshness by event identity", run_pipeline},
    {"many-tenants", "cost as tenants grow, at the edge and in a batch", run_many_tenants},
    {"noisy", "one tenant sends a hundred times more: what do others notice?", run_noisy},
    {"connections", "10,000 silent connections beside 1,000 active ones", run_connections},
    {"limits", "the bare responder, producer and COPY alone", run_limits},
    {"soak", "a steady load for --seconds: memory, freshness, exact rows", run_soak},
    {"scale", "more front ends, writers, partitions, rows: cost, and what is used up", run_scale},
    {"replay", "a range stored again, there or missing, and live events beside it", run_replay},
    {"pages", "page structures: HTTP to Kafka beside a parse, Kafka to what a model says",
     run_pages},
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
