// What a campaign did and found, as text and as JSON.
#pragma once

#include "tests/faults/judge.hpp"
#include "tests/faults/scene.hpp"

#include <map>

namespace nd::tests {

struct summary {
    std::uint64_t seed = 0;
    double minutes = 0;
    int brokers = 1;
    std::size_t writers = 0;
    std::size_t rounds = 0;
    std::map<std::string, std::map<std::string, std::size_t>> faults;  // kind -> target -> count
    std::vector<caught_call> caught;
    std::vector<std::string> skipped;
    std::size_t sent = 0;
    std::size_t accepted = 0;
    std::map<int, std::size_t> answers;
    std::size_t exits =
        0;         // programs that ended by themselves with a status, and were started again
    verdict rows;  // of all tenants, at the end
    std::vector<std::string> proofs;    // what ndctl says at the end, a line each
    std::vector<std::string> problems;  // what was found; empty: passed
    std::vector<std::string> timeline;  // of the round that found it, a line each; text only

    [[nodiscard]] std::size_t count(const std::string& kind) const;
    [[nodiscard]] std::size_t count(const std::string& kind, const std::string& target) const;
    [[nodiscard]] bool passed() const noexcept { return problems.empty(); }
};

// What came less often than `least`: "kill broker 3 of 15". What was skipped is not meant.
[[nodiscard]] std::vector<std::string> too_few(const summary& all,
                                               const std::vector<lane_cards>& wanted,
                                               std::size_t least);

[[nodiscard]] std::string text_of(const summary& all);
[[nodiscard]] std::string json_of(const summary& all);

}  // namespace nd::tests
