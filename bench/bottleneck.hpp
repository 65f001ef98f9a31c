// What holds a system back, from how many cores each of its parts was seen to use. Pure.
#pragma once

#include <span>
#include <string>

namespace nd::bench {

struct part_use {
    std::string name;
    double cores = 0;    // used on average while measured, all processes of it
    double busiest = 0;  // by the busiest of its threads; 1 is all that one can use
};

// A thread or a machine counts as used up from here on.
inline constexpr double used_up = 0.9;

// A sentence for a person. `wal_share`: of the time of Postgres's writing connections, spent on
// writing and flushing the write-ahead log.
[[nodiscard]] std::string bottleneck(std::span<const part_use> parts, double machine_cores,
                                     double wal_share);

}  // namespace nd::bench
