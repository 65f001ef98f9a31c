// The same rows on top of more and more of them: what a row costs when table and index are large,
// beside COPY into the same table.
#include "bench/filled_table.hpp"
#include "bench/fresh_topic.hpp"
#include "bench/scale_part.hpp"
#include "ops/topic_plan.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <set>

namespace nd::bench {
namespace {

constexpr std::array<std::size_t, 2> in_a_batch{50, 2000};

void prefill(bed& on, filled_table& table, std::uint64_t rows) {
    on.show.step(fmt::format("putting {} rows of {} tenants into {} weeks", rows, on.tenants.size(),
                             filled_weeks));
    const auto begun = std::chrono::steady_clock::now();
    table.fill(rows);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    if (rows == 0) return;
    on.into.fact(fmt::format("filling nd.events with {} rows", rows),
                 fmt::format("{:.0f} s", took.count()));
    on.into.add(fmt::format("scale.table.{}.disk", rows), "B/row", better::lower,
                static_cast<double>(table.bytes()) / static_cast<double>(rows));
}

void draw(bed& on, const std::string& name, std::size_t tenants, double rows) {
    auto& cost = on.into.curve("scale.table.cpu",
                               "CPU per row, by rows in nd.events (on average while measured)",
                               "rows", "us/row");
    cost.log_x = true;
    const auto median = [&](const char* figure) { return on.into.median(name + figure); };
    cost.add_point(fmt::format("nd-writer and postgres, {} tenants/batch", tenants), rows,
                   median(".cpu"));
    cost.add_point(fmt::format("COPY, {} tenants", tenants), rows, median(".limit"));
    note_bottleneck(on, name);
    auto& wal =
        on.into.curve("scale.table.wal",
                      "Write-ahead log per row, by rows in nd.events (on average while measured)",
                      "rows", "B/row");
    wal.log_x = true;
    wal.add_point(fmt::format("{} tenants/batch", tenants), rows, median(".wal"));
}

}  // namespace

void scale_table(bed& on) {
    make_events_topic_anew(on, ops::default_partitions);
    const std::set<std::int64_t> sizes(on.with.table_rows.begin(), on.with.table_rows.end());
    filled_table table(on, static_cast<std::uint64_t>(*sizes.rbegin()));
    writer_run one(on, limit_copy::into::nd_events);
    const auto rows = rows_of(on);
    for (const auto size : sizes) {
        prefill(on, table, static_cast<std::uint64_t>(size));
        double there = static_cast<double>(size), seen = 0;
        for (std::int64_t round = 1; round <= on.with.rounds; ++round)
            for (const auto tenants : in_a_batch) {
                on.show.step(
                    fmt::format("{} rows on top of {:.0f}, {} tenants in a batch, "
                                "round {}/{}",
                                rows, there, tenants, round, on.with.rounds));
                add_writer(on, fmt::format("scale.table.{}.{}", size, tenants),
                           one.measure_on_top(rows, tenants_for(on, tenants), 1));
                seen += there + static_cast<double>(rows) / 2;
                // The writer's rows and COPY's; nothing stays in an empty table.
                there += 2 * static_cast<double>(rows);
                if (size > 0) continue;
                table.fill(0);
                there = 0;
            }
        const auto looks = static_cast<double>(on.with.rounds) * in_a_batch.size();
        for (const auto tenants : in_a_batch)
            draw(on, fmt::format("scale.table.{}.{}", size, tenants), tenants, seen / looks);
    }
    table.fill(0);  // gigabytes that nobody needs
}

}  // namespace nd::bench
