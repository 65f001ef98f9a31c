#include "bench/figure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nd::bench {

double figure::median() const {
    if (values.empty()) return 0;
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const auto half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double figure::low() const {
    return values.empty() ? 0 : *std::min_element(values.begin(), values.end());
}

double figure::high() const {
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

double figure::spread() const {
    const auto range = high() - low();
    if (range == 0) return 0;
    const auto middle = std::abs(median());
    return middle > 0 ? range / middle : std::numeric_limits<double>::infinity();
}

std::optional<bool> figure::reached() const {
    if (!goal) return std::nullopt;
    return is == better::higher ? median() >= *goal : median() <= *goal;
}

}  // namespace nd::bench
