// What a figure depends on beside the code: the machine and the versions, for the report; and what
// the machine must have before a run makes sense.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace nd::bench {

// "processor", "cores", "memory", "kernel", "compiler", "librdkafka" and the like.
[[nodiscard]] std::map<std::string, std::string> machine_facts();

// Cores that this process may use.
[[nodiscard]] int usable_cores();

// Raises this process's bound on open files (its children inherit it). Throws bench_error with what
// to do when the hard bound is below `needed`.
void need_descriptors(std::uint64_t needed);

// Throws bench_error on a machine with one core, unless that was asked for.
void need_two_cores(bool one_core_is_fine);

}  // namespace nd::bench
