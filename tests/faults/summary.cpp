#include "tests/faults/summary.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace nd::tests {
namespace {

namespace json = boost::json;

json::array list_of(const std::vector<std::string>& lines) {
    json::array out;
    for (const auto& one : lines)
        out.emplace_back(one);
    return out;
}

json::object rows_of(const verdict& rows) {
    return {{"rows", rows.rows},
            {"missing", rows.missing},
            {"duplicate", rows.duplicate},
            {"spurious", rows.spurious},
            {"cross_tenant", rows.cross_tenant},
            {"different", rows.different}};
}

}  // namespace

std::size_t summary::count(const std::string& kind) const {
    const auto found = faults.find(kind);
    std::size_t sum = 0;
    if (found == faults.end()) return sum;
    for (const auto& [target, n] : found->second)
        sum += n;
    return sum;
}

std::size_t summary::count(const std::string& kind, const std::string& target) const {
    const auto found = faults.find(kind);
    if (found == faults.end()) return 0;
    const auto of_target = found->second.find(target);
    return of_target == found->second.end() ? 0 : of_target->second;
}

std::vector<std::string> too_few(const summary& all, const std::vector<lane_cards>& wanted,
                                 std::size_t least) {
    std::vector<std::string> out;
    for (const auto& lane : wanted) {
        for (const auto& one : lane.cards) {
            const bool skipped =
                std::any_of(all.skipped.begin(), all.skipped.end(),
                            [&one](const auto& why) { return why.starts_with(one.kind); });
            const auto came = all.count(one.kind, one.target);
            if (!skipped && came < least)
                out.push_back(fmt::format("{} {} {} of {}", one.kind, one.target, came, least));
        }
    }
    return out;
}

std::string text_of(const summary& all) {
    auto out = fmt::format("seed {}, {:.1f} minutes, {} broker(s), {} writers, {} rounds\n",
                           all.seed, all.minutes, all.brokers, all.writers, all.rounds);
    for (const auto& [kind, targets] : all.faults) {
        out += fmt::format("  {:<16}{:>5} ", kind, all.count(kind));
        for (const auto& [target, n] : targets)
            out += fmt::format("  {} {}", target, n);
        out += '\n';
    }
    if (!all.caught.empty()) {
        const auto [least, most] =
            std::minmax_element(all.caught.begin(), all.caught.end(),
                                [](const auto& a, const auto& b) { return a.rows < b.rows; });
        out += fmt::format("  each kill in a CALL met a partly committed batch: {} to {} rows\n",
                           least->rows, most->rows);
    }
    for (const auto& one : all.skipped)
        out += fmt::format("  SKIPPED {}\n", one);
    out += fmt::format("events: {} sent, {} accepted, {} rows\nanswers:", all.sent, all.accepted,
                       all.rows.rows);
    for (const auto& [status, n] : all.answers)
        out += status == 0 ? fmt::format("  none {}", n) : fmt::format("  {} {}", status, n);
    out += fmt::format(
        "\nprograms that ended by themselves and were started again: {}\n"
        "missing {}, duplicate {}, spurious {}, cross-tenant {}, different {}\n",
        all.exits, all.rows.missing, all.rows.duplicate, all.rows.spurious, all.rows.cross_tenant,
        all.rows.different);
    for (const auto& one : all.proofs)
        out += one + '\n';
    if (!all.passed()) out += "the last round:\n";
    for (const auto& line : all.timeline)
        out += line;
    for (const auto& one : all.problems)
        out += fmt::format("  FOUND {}\n", one);
    return out + (all.passed() ? "passed\n" : "FAILED\n");
}

std::string json_of(const summary& all) {
    json::object faults;
    for (const auto& [kind, targets] : all.faults) {
        json::object counts;
        for (const auto& [target, n] : targets)
            counts[target] = n;
        faults[kind] = std::move(counts);
    }
    json::array caught;
    for (const auto& one : all.caught)
        caught.push_back(
            {{"victim", one.victim}, {"tenants_committed", one.tenants}, {"rows", one.rows}});
    json::object answers;
    for (const auto& [status, n] : all.answers)
        answers[fmt::to_string(status)] = n;
    const json::object out{{"seed", all.seed},
                           {"minutes", all.minutes},
                           {"brokers", all.brokers},
                           {"writers", all.writers},
                           {"rounds", all.rounds},
                           {"faults", std::move(faults)},
                           {"kills_in_a_call", std::move(caught)},
                           {"skipped", list_of(all.skipped)},
                           {"sent", all.sent},
                           {"accepted", all.accepted},
                           {"answers", std::move(answers)},
                           {"exits", all.exits},
                           {"verdict", rows_of(all.rows)},
                           {"proofs", list_of(all.proofs)},
                           {"problems", list_of(all.problems)},
                           {"passed", all.passed()}};
    return json::serialize(out) + "\n";
}

}  // namespace nd::tests
