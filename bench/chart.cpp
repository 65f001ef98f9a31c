#include "bench/chart.hpp"

#include <algorithm>

namespace nd::bench {

void chart::add_point(const std::string& to, double x, double y) {
    auto found = std::ranges::find(all, to, &series::name);
    if (found == all.end()) found = all.insert(all.end(), {to, {}});
    found->points.emplace_back(x, y);
}

double chart::stack(const std::string& label) {
    const auto found = std::ranges::find(labels, label);
    if (found != labels.end()) return static_cast<double>(found - labels.begin());
    labels.push_back(label);
    return static_cast<double>(labels.size() - 1);
}

}  // namespace nd::bench
