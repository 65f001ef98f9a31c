#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::bench {
namespace {

// Three digits that mean something, without an exponent.
std::string shown(double value) {
    const auto size = value < 0 ? -value : value;
    if (size >= 1000) return fmt::format("{:.0f}", value);
    if (size >= 100) return fmt::format("{:.1f}", value);
    return fmt::format("{:.2f}", value);
}

std::string goal_of(const figure& one) {
    if (!one.goal) return "";
    return fmt::format("{} {} {}", one.is == better::lower ? "<=" : ">=", shown(*one.goal),
                       *one.reached() ? "reached" : "MISSED");
}

}  // namespace

std::string to_table(const report& of) {
    std::size_t widest = 6;
    for (const auto& one : of.figures())
        widest = std::max(widest, one.name.size());
    std::string text = fmt::format("{:<{}}  {:>10}  {:<9} {:>21}  {}\n", "figure", widest, "median",
                                   "unit", "from .. to (runs)", "goal");
    for (const auto& one : of.figures()) {
        if (one.values.empty() || one.is == better::neither) continue;
        const auto range = one.values.size() == 1
                               ? std::string("-")
                               : fmt::format("{} .. {} ({}){}", shown(one.low()), shown(one.high()),
                                             one.values.size(), one.noisy() ? "!" : " ");
        text += fmt::format("{:<{}}  {:>10}  {:<9} {:>21}  {}\n", one.name, widest,
                            shown(one.median()), one.unit, range, goal_of(one));
    }
    const auto described = std::ranges::count(of.figures(), better::neither, &figure::is);
    if (described > 0)
        text += fmt::format("{} figures that only describe the run are in the report's page\n",
                            described);
    if (std::ranges::any_of(of.figures(), [](const figure& one) { return one.noisy(); }))
        text += fmt::format("! the runs lie more than {:.0f} % apart: do not compare this one\n",
                            noisy_spread * 100);
    for (const auto& note : of.notes())
        text += fmt::format("note: {}\n", note);
    return text;
}

}  // namespace nd::bench
