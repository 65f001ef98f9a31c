// From one front end to four: what an event costs at a steady pace shared by all, and how many are
// acknowledged when every connection sends as soon as it is answered.
#include "bench/edge_limits.hpp"
#include "bench/fresh_topic.hpp"
#include "bench/front_ends.hpp"
#include "bench/scale_part.hpp"
#include "bench/topic_size.hpp"
#include "ops/topic_plan.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr double usual_rate = 50'000;  // events/s of all front ends together

void steady(bed& on, front_ends& fronts, int number, const edge_limits::cost& limit) {
    const auto name = fmt::format("scale.front-ends.{}.steady", number);
    const auto rate = on.with.rate_or(usual_rate);
    const auto broker = static_cast<pid_t>(on.with.broker_pid);
    const auto kept = topic_bytes(broker, schema::events_topic);
    const auto got = fronts.run(number, rate);
    on.judge(name, got.load);
    const auto us = got.cpu_us_per_event.at("nd-ingest");
    on.into.add(name + ".cpu", "us/event", better::lower, us);
    on.into.add(name + ".cpu.kafka", "us/event", better::lower, got.cpu_us_per_event.at("kafka"));
    on.into.add(name + ".limit", "us/event", better::lower, limit.us_per_event());
    on.into.add(name + ".ratio", "x", better::lower, us / limit.us_per_event());
    on.into.add(name + ".p99", "ms", better::lower, got.load.latency.quantile_ms(0.99));
    // Sent in the warm-up too, at the same pace.
    const auto sent = rate * (on.with.seconds + on.with.warm_up);
    on.into.add(name + ".kafka_disk", "B/event", better::lower,
                static_cast<double>(topic_bytes(broker, schema::events_topic) - kept) / sent);
}

void flat_out(bed& on, front_ends& fronts, int number) {
    const auto name = fmt::format("scale.front-ends.{}.flat-out", number);
    const auto got = fronts.run(number, 0);
    on.judge(name, got.load);
    on.into.add(name + ".rate", "events/s", better::higher, got.load.events_per_s());
    on.into.add(name + ".cpu", "us/event", better::lower, got.cpu_us_per_event.at("nd-ingest"));
    on.into.add(name + ".cpu.kafka", "us/event", better::lower, got.cpu_us_per_event.at("kafka"));
    auto used = got.cpu_us_per_event;
    used.erase("postgres");  // has nothing to do here
    add_cores(on, name, used, got.load.events_per_s(), got.cores);
}

void draw(bed& on) {
    auto& cost =
        on.into.curve("scale.front-ends.cpu",
                      "CPU per event of all nd-ingest, beside a bare responder and producer",
                      "nd-ingest processes", "us/event");
    auto& rate =
        on.into.curve("scale.front-ends.rate", "Acknowledged by Kafka, as fast as they answer",
                      "nd-ingest processes", "events/s");
    auto& cores = on.into.bars("scale.front-ends.cores",
                               "Cores used, as fast as they answer: what is used up", "cores");
    for (int number = 1; number <= most_processes; ++number) {
        const auto name = fmt::format("scale.front-ends.{}", number);
        const auto median = [&on](const std::string& of) { return on.into.median(of); };
        cost.add_point("steady pace", number, median(name + ".steady.cpu"));
        cost.add_point("as fast as answered", number, median(name + ".flat-out.cpu"));
        cost.add_point("limit of the steady pace", number, median(name + ".steady.limit"));
        rate.add_point("acknowledged", number, median(name + ".flat-out.rate"));
        const auto x = cores.stack(fmt::format("{} nd-ingest", number));
        for (const auto* process : {"nd-ingest", "kafka", "load generator", "others"})
            cores.add_point(process, x, median(fmt::format("{}.flat-out.cores.{}", name, process)));
        note_bottleneck(on, name + ".flat-out");
    }
}

}  // namespace

void scale_front_ends(bed& on) {
    make_events_topic_anew(on, ops::default_partitions);
    edge_limits limits(on);
    front_ends fronts(on, most_processes);
    const auto rate = on.with.rate_or(usual_rate);
    on.show.step("warming the front ends");
    static_cast<void>(fronts.run(most_processes, rate));
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("the limits, round {}/{}", round, on.with.rounds));
        const auto limit = limits.measure(on, fronts.plan(0, rate));
        for (int number = 1; number <= most_processes; ++number) {
            on.show.step(fmt::format("{} nd-ingest, {} events in a request, round {}/{}", number,
                                     fronts.events_per_request(), round, on.with.rounds));
            steady(on, fronts, number, limit);
            flat_out(on, fronts, number);
        }
    }
    draw(on);
}

}  // namespace nd::bench
