// The parts of the scenario scale, one file each: what grows while the rest stays. They fill
// bed.into and throw bench_error.
#pragma once

#include "bench/bed.hpp"
#include "bench/writer_run.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace nd::bench {

// Front ends or writers, one core each as far as the machine has cores.
inline constexpr int most_processes = 4;
inline constexpr std::uint64_t scale_rows = 400'000;

void scale_front_ends(bed& on);
void scale_writers(bed& on);
void scale_partitions(bed& on);
void scale_table(bed& on);

[[nodiscard]] std::string names_of_scale_parts();
[[nodiscard]] bool is_scale_part(std::string_view name);

// --events or the scenario's own.
[[nodiscard]] inline std::uint64_t rows_of(const bed& on) {
    return on.with.events > 0 ? static_cast<std::uint64_t>(on.with.events) : scale_rows;
}
// So many that a batch holds that many of them, or as many as there are.
[[nodiscard]] inline std::size_t tenants_for(const bed& on, std::size_t in_a_batch) {
    return std::min(in_a_batch * tenants_behind_a_batch, on.tenants.size());
}

// The cores that each part used in one repetition, under `name`.cores.PART and .busiest.PART, and
// what is left of all that ran, under `name`.cores.others.
void add_cores(bed& on, const std::string& name, const std::map<std::string, double>& us_per_event,
               double events_per_s, const core_use& used);
// The same for a writer's run, with what its connections waited for.
void add_writer(bed& on, const std::string& name, const writer_cost& cost);
// What held `name` back, from the medians of add_cores, as a note.
void note_bottleneck(bed& on, const std::string& name);

}  // namespace nd::bench
