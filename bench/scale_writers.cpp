// From one writer to four: what a row costs and how fast a backlog becomes rows.
#include "bench/fresh_topic.hpp"
#include "bench/scale_part.hpp"
#include "ops/topic_plan.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr std::size_t in_a_batch = 50;

void draw(bed& on) {
    auto& cost =
        on.into.bars("scale.writers.cpu",
                     "CPU per row by process, beside COPY without row-level security", "us/row");
    auto& rate = on.into.curve("scale.writers.rate", "How fast a backlog becomes rows",
                               "nd-writer processes", "rows/s");
    auto& waits = on.into.bars("scale.writers.connection",
                               "What the writers' connections did: a sample of pg_stat_activity",
                               "% of the time");
    const auto median = [&on](const std::string& of) { return on.into.median(of); };
    for (int writers = 1; writers <= most_processes; ++writers) {
        const auto name = fmt::format("scale.writers.{}", writers);
        const auto label = fmt::format("{} nd-writer", writers);
        for (const auto* process : {"nd-writer", "postgres", "kafka"})
            cost.add_point(process, cost.stack(label),
                           median(fmt::format("{}.cpu.{}", name, process)));
        rate.add_point("nd-writer", writers, median(name + ".rate"));
        rate.add_point("COPY, one connection", writers, median(name + ".limit_rate"));
        for (const auto* what : {"running", "wal", "disk", "locks", "nd-writer"})
            waits.add_point(what, waits.stack(label),
                            median(fmt::format("{}.connection.{}", name, what)));
        note_bottleneck(on, name);
    }
    cost.add_point("COPY", cost.stack("limit"), median("scale.writers.1.limit"));
}

}  // namespace

void scale_writers(bed& on) {
    make_events_topic_anew(on, ops::default_partitions);
    writer_run one(on);
    for (std::int64_t round = 1; round <= on.with.rounds; ++round)
        for (int writers = 1; writers <= most_processes; ++writers) {
            on.show.step(fmt::format("{} rows by {} nd-writer, {} partitions, round {}/{}",
                                     rows_of(on), writers, ops::default_partitions, round,
                                     on.with.rounds));
            add_writer(on, fmt::format("scale.writers.{}", writers),
                       one.measure(rows_of(on), tenants_for(on, in_a_batch), writers));
        }
    draw(on);
}

}  // namespace nd::bench
