// Two reports side by side: what got better or worse beyond the noise of both. Pure; nd-bench
// compare prints it.
#pragma once

#include "bench/report.hpp"

#include <string>
#include <vector>

namespace nd::bench {

enum class change { same, better, worse, different, unclear, only_first, only_second };

struct comparison {
    std::string name;
    std::string unit;
    double first = 0;  // medians
    double second = 0;
    double percent = 0;  // of the first; positive = a larger number
    change what = change::same;
    bool regression = false;  // worse, and by more than the allowed percentage
};

// A change counts only when the ranges of the repetitions do not overlap; where they do, a figure
// that is noisy in either report is `unclear`. A single value is taken for a range of noisy_spread.
[[nodiscard]] std::vector<comparison> compare(const report& first, const report& second,
                                              double allowed_percent);
[[nodiscard]] std::string to_table(const std::vector<comparison>& all);

}  // namespace nd::bench
