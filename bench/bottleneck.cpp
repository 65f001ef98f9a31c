#include "bench/bottleneck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace nd::bench {
namespace {

// From here on, what the connections mostly did was to wait for the log.
constexpr double mostly = 0.5;

std::string list(std::span<const part_use> parts) {
    std::vector<part_use> sorted(parts.begin(), parts.end());
    std::ranges::stable_sort(sorted, std::greater(), &part_use::cores);
    std::string made;
    for (const auto& one : sorted)
        made += fmt::format("{}{} {:.2f}", made.empty() ? "" : ", ", one.name, one.cores);
    return made;
}

}  // namespace

std::string bottleneck(std::span<const part_use> parts, double machine_cores, double wal_share) {
    if (parts.empty()) return "nothing was measured";
    const auto uses = list(parts);
    const auto& full = *std::ranges::max_element(parts, {}, &part_use::busiest);
    const auto sum =
        std::accumulate(parts.begin(), parts.end(), 0.0,
                        [](double so_far, const auto& one) { return so_far + one.cores; });
    if (full.busiest >= used_up)
        return fmt::format("{}: its busiest thread uses {:.2f} of a core ({})", full.name,
                           full.busiest, uses);
    if (sum >= used_up * machine_cores)
        return fmt::format("the machine's {:g} cores are used up, mostly by {} ({})", machine_cores,
                           std::ranges::max(parts, {}, &part_use::cores).name, uses);
    if (wal_share >= mostly)
        return fmt::format(
            "the write-ahead log: {:.0f} % of the connections' time, while {:.2f} of "
            "{:g} cores are used ({})",
            100 * wal_share, sum, machine_cores, uses);
    return fmt::format(
        "no part is used up: {:.2f} of {:g} cores, {:.0f} % of the connections' time "
        "in the write-ahead log; waiting for each other ({})",
        sum, machine_cores, 100 * wal_share, uses);
}

}  // namespace nd::bench
