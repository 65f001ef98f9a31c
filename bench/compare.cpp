#include "bench/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nd::bench {
namespace {

std::string_view to_string(const comparison& one) {
    if (one.regression) return "REGRESSION";
    switch (one.what) {
        case change::same: return "same";
        case change::better: return "better";
        case change::worse: return "worse";
        case change::different: return "different";
        case change::unclear: return "unclear: too noisy";
        case change::only_first: return "only in the first";
        case change::only_second: return "only in the second";
    }
    return "";
}

struct range {
    double low;
    double high;
};

// What was measured once has an unknown spread, not none: it is taken to be as uncertain as a
// figure may be before it counts as noisy.
range range_of(const figure& one) {
    if (one.values.size() != 1) return {one.low(), one.high()};
    const auto value = one.values.front();
    const auto margin = std::abs(value) * noisy_spread / 2;
    return {value - margin, value + margin};
}

comparison judge(const figure& a, const figure& b, double allowed_percent) {
    comparison made{a.name, a.unit, a.median(), b.median(), 0, change::same, false};
    if (made.first != 0) made.percent = (made.second - made.first) / std::abs(made.first) * 100;
    const auto before = range_of(a), now = range_of(b);
    const bool apart = before.high < now.low || now.high < before.low;
    const bool larger = made.second > made.first;
    if (!apart) {
        if (a.noisy() || b.noisy()) made.what = change::unclear;
        return made;
    }
    if (a.is == better::neither) {
        made.what = change::different;
        return made;
    }
    made.what = larger == (a.is == better::higher) ? change::better : change::worse;
    made.regression =
        made.what == change::worse && (std::abs(made.percent) > allowed_percent || made.first == 0);
    return made;
}

}  // namespace

std::vector<comparison> compare(const report& first, const report& second, double allowed_percent) {
    std::vector<comparison> all;
    for (const auto& a : first.figures()) {
        const auto b = std::ranges::find(second.figures(), a.name, &figure::name);
        if (b == second.figures().end())
            all.push_back({a.name, a.unit, a.median(), 0, 0, change::only_first, false});
        else
            all.push_back(judge(a, *b, allowed_percent));
    }
    for (const auto& b : second.figures())
        if (std::ranges::find(first.figures(), b.name, &figure::name) == first.figures().end())
            all.push_back({b.name, b.unit, 0, b.median(), 0, change::only_second, false});
    return all;
}

std::string to_table(const std::vector<comparison>& all) {
    std::size_t widest = 6;
    for (const auto& one : all)
        widest = std::max(widest, one.name.size());
    auto text = fmt::format("{:<{}}  {:>12} {:>12}  {:<9} {:>8}  {}\n", "figure", widest, "first",
                            "second", "unit", "change", "verdict");
    for (const auto& one : all)
        text += fmt::format("{:<{}}  {:>12.2f} {:>12.2f}  {:<9} {:>+7.1f}%  {}\n", one.name, widest,
                            one.first, one.second, one.unit, one.percent, to_string(one));
    return text;
}

}  // namespace nd::bench
