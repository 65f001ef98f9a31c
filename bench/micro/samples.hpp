// What the micro-benchmarks work on: the recorded events and pages, and as many tenants and keys as
// a large installation has. Made once per benchmark, before the clock runs.
#pragma once

#include "schema/ids.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nd::bench {

inline constexpr std::uint32_t many_tenants = 20'000;
// When all samples happened.
inline constexpr std::chrono::system_clock::time_point sample_time{
    std::chrono::microseconds(1'795'000'000'123'456)};

// Every recorded event once, in bodies of POST /v1/events (the last one is filled up from the
// start). Different bodies in turn, because a branch predictor learns a single one by heart.
[[nodiscard]] std::vector<std::string> recorded_bodies(int events_per_request);
// `count` events as they stand in Kafka records.
[[nodiscard]] std::vector<std::string> recorded_values(std::size_t count);
// The recorded page structures that have so many elements, cut to as many.
[[nodiscard]] std::vector<std::string> recorded_pages(std::size_t elements);
[[nodiscard]] schema::tenant_id sample_tenant(std::uint32_t number);

// Shows beside the usual columns what an event costs.
void show_events(benchmark::State& state, std::uint64_t per_iteration);

}  // namespace nd::bench
