// What was measured several times in one run: its median and how far apart the repetitions lie. A
// figure without a spread is an anecdote. Pure; scenarios make them, the report and compare read
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nd::bench {

// neither: it describes what was measured, no change of it is a regression.
enum class better { lower, higher, neither };

// Repetitions further apart than this (of the median) say little, and the report says so.
inline constexpr double noisy_spread = 0.25;

struct figure {
    std::string name;  // stable: compare finds it by this, e.g. "edge.50.ratio"
    std::string unit;  // "us/event", "ms", "events/s", "x" for a ratio
    better is = better::lower;
    std::vector<double> values;  // one per repetition, never empty in a report
    std::optional<double> goal;  // reached when the median is on its better side

    [[nodiscard]] double median() const;
    [[nodiscard]] double low() const;
    [[nodiscard]] double high() const;
    [[nodiscard]] double spread() const;  // (high - low) / |median|; 0 for one value
    [[nodiscard]] bool noisy() const { return spread() > noisy_spread; }
    // nullopt when there is no goal.
    [[nodiscard]] std::optional<bool> reached() const;
};

}  // namespace nd::bench
