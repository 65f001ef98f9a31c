// A topic of few and of many partitions: more of them mean smaller batches on the way in and more
// places to fetch from on the way out.
#include "bench/edge_limits.hpp"
#include "bench/fresh_topic.hpp"
#include "bench/front_ends.hpp"
#include "bench/scale_part.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr double usual_rate = 50'000;  // events/s
constexpr std::size_t in_a_batch = 50;

void in_front(bed& on, const std::string& name) {
    front_ends front(on, 1);
    const auto rate = on.with.rate_or(usual_rate);
    static_cast<void>(front.run(1, rate));  // warms it
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("{}: nd-ingest, round {}/{}", name, round, on.with.rounds));
        const auto got = front.run(1, rate);
        on.judge(name, got.load);
        const auto& us = got.cpu_us_per_event;
        on.into.add(name + ".cpu.nd-ingest", "us/event", better::lower, us.at("nd-ingest"));
        on.into.add(name + ".cpu.kafka.in", "us/event", better::lower, us.at("kafka"));
        on.into.add(name + ".p99", "ms", better::lower, got.load.latency.quantile_ms(0.99));
    }
}

void draw(bed& on, const std::string& name, double partitions) {
    auto& cost = on.into.curve("scale.partitions.cpu",
                               "CPU per event by process, by the topic's number of partitions",
                               "partitions", "us/event");
    cost.log_x = true;
    const auto point = [&](const char* label, const char* figure) {
        cost.add_point(label, partitions, on.into.median(name + figure));
    };
    point("nd-ingest", ".cpu.nd-ingest");
    point("kafka, taking", ".cpu.kafka.in");
    point("nd-writer", ".cpu.nd-writer");
    point("postgres", ".cpu.postgres");
    point("kafka, handing out", ".cpu.kafka");
    point("COPY", ".limit");
}

}  // namespace

void scale_partitions(bed& on) {
    for (const auto partitions : on.with.partitions) {
        const auto name = fmt::format("scale.partitions.{}", partitions);
        make_events_topic_anew(on, static_cast<int>(partitions));
        {
            writer_run one(on);
            for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
                on.show.step(fmt::format("{}: {} rows, round {}/{}", name, rows_of(on), round,
                                         on.with.rounds));
                add_writer(on, name, one.measure(rows_of(on), tenants_for(on, in_a_batch), 1));
            }
        }
        in_front(on, name);  // last: what it sends stays in the topic
        draw(on, name, static_cast<double>(partitions));
    }
}

}  // namespace nd::bench
