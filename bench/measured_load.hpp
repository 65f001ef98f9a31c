// One load, or several side by side (one for each of several front ends), with what the processes
// used in the counted window. What scenarios that send HTTP are made of.
#pragma once

#include "bench/load.hpp"
#include "bench/meter.hpp"
#include "bench/progress.hpp"

#include <map>
#include <span>
#include <string>

namespace nd::bench {

struct measured_load {
    load_outcome load;  // of all of them: counts are added up, latencies put together
    std::map<std::string, double> cpu_us_per_event;
    core_use cores;
    std::map<std::string, double> resident_mib;
};

// Runs them on one thread until each has ended. Their windows are the same but for the moments that
// their connections take; CPU time is read when the first begins and when the first ends.
[[nodiscard]] measured_load run_loads(std::span<const load_plan> plans, const meter& watched,
                                      progress& show);

}  // namespace nd::bench
