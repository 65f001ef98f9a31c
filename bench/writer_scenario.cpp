// writer: a filled topic to committed rows, by real nd-writer processes, beside COPY.
#include "bench/scenario.hpp"
#include "bench/writer_run.hpp"

#include <fmt/format.h>

#include <array>

namespace nd::bench {
namespace {

constexpr std::uint64_t default_rows = 500'000;

struct wanted {
    std::size_t tenants;
    double ratio;
};
constexpr std::array<wanted, 2> goals{{{50, 1.3}, {2000, 2.2}}};

}  // namespace

void run_writer(bed& on) {
    writer_run one(on);
    const auto rows =
        on.with.events > 0 ? static_cast<std::uint64_t>(on.with.events) : default_rows;
    const auto writers = static_cast<int>(on.with.writers);
    auto& bars = on.into.bars(
        "writer.cpu", "CPU per row, by process, beside COPY without row-level security", "us/row");
    bars.all = {{"nd-writer", {}}, {"postgres", {}}, {"postgres, COPY", {}}, {"COPY's client", {}}};
    for (const auto& goal : goals) {
        const auto name = fmt::format("writer.{}", goal.tenants);
        for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
            on.show.step(
                fmt::format("{} rows, about {} tenants in a batch, {} nd-writer, round {}/{}", rows,
                            goal.tenants, writers, round, on.with.rounds));
            const auto cost = one.measure(rows, goal.tenants * tenants_behind_a_batch, writers);
            add_figures(on.into, name, cost);
            if (round > 1) continue;
            const auto x = static_cast<double>(bars.labels.size());
            bars.labels.push_back(fmt::format("{} tenants/batch", goal.tenants));
            bars.labels.push_back(fmt::format("limit, {}", goal.tenants));
            bars.all[0].points.emplace_back(x, cost.writer_us);
            bars.all[1].points.emplace_back(x, cost.postgres_us);
            bars.all[2].points.emplace_back(x + 1, cost.limit.postgres_us);
            bars.all[3].points.emplace_back(x + 1, cost.limit.client_us);
        }
        on.into.at(name + ".ratio", "x", better::lower).goal = goal.ratio;
    }
}

}  // namespace nd::bench
