// A fault campaign: rounds of load under faults, each with tenants of its own and followed by calm
// and a check, and a check of everything at the end. Stops at the first round that found something.
// Throws std::runtime_error when the system cannot be made.
#pragma once

#include "tests/faults/summary.hpp"

namespace nd::tests {

struct campaign_options {
    std::uint64_t seed = 0;
    std::chrono::seconds longest{60};
    // Of each kind and target. It goes on beyond `longest` until there were as many, at most twice
    // as long; then that is a finding.
    std::size_t least = 0;
    std::chrono::seconds round{240};
    world_options system;
    int tenants = 24;  // of a round
    bool aloud = true;
    std::vector<lane_cards> lanes = all_lanes();
    bool one_deck = false;  // one round, in which each lane deals its cards once
};

[[nodiscard]] summary run_campaign(const campaign_options& options);

}  // namespace nd::tests
