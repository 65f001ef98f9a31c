// The scenarios of `nd-bench run`, one file each. They fill bed.into and throw bench_error.
#pragma once

#include "bench/bed.hpp"

#include <span>
#include <string_view>

namespace nd::bench {

void run_edge(bed& on);
void run_writer(bed& on);
void run_pipeline(bed& on);
void run_many_tenants(bed& on);
void run_noisy(bed& on);
void run_connections(bed& on);
void run_limits(bed& on);
void run_soak(bed& on);
void run_scale(bed& on);
void run_replay(bed& on);
void run_pages(bed& on);

struct scenario {
    std::string_view name;
    std::string_view about;
    void (*run)(bed& on);
};

[[nodiscard]] std::span<const scenario> scenarios();
[[nodiscard]] const scenario* find_scenario(std::string_view name);

}  // namespace nd::bench
