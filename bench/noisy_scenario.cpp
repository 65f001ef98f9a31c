// noisy: tenant A sends a hundred times what others send. What do the others notice, at the edge
// and in how soon their events are rows?
#include "bench/lift_limits.hpp"
#include "bench/pipeline_run.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr double quiet_rate = 2'000;  // events/s of all quiet tenants together, 10 in a request
constexpr int quiet_events = 10;
constexpr double loud_requests = 95;  // per second: just under the largest limit, 6,000 a minute
constexpr int loud_events = 500;

void add(bed& on, const std::string& name, const pipeline_outcome& got) {
    on.judge(name, got.front.load);
    if (got.lost > 0 || !got.drained) on.into.unsound(name + ": not every event became a row");
    on.into.add(name + ".p50", "ms", better::lower, got.front.load.latency.quantile_ms(0.5));
    on.into.add(name + ".p99", "ms", better::lower, got.front.load.latency.quantile_ms(0.99));
    on.into.add(name + ".freshness.p99", "ms", better::lower, got.fresh.quantile_ms(0.99));
}

}  // namespace

void run_noisy(bed& on) {
    if (on.keys.size() < 2) throw bench_error(exit_usage, "noisy needs two tenants or more");
    lift_limits(on, std::span(on.tenants).first(1));
    pipeline through(on, static_cast<int>(on.with.writers));
    auto quiet = through.plan(quiet_events, quiet_rate);
    // The loud tenant is the first key; on.tenants must match the quiet plan's keys.
    const std::vector<std::string> loud_keys{on.keys.front()};
    quiet.key_offset = 1;
    on.show.step("warming all programs");
    static_cast<void>(through.run(quiet));
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("the others alone, round {}/{}", round, on.with.rounds));
        add(on, "noisy.alone", through.run(quiet));
        on.show.step(fmt::format("the others beside one that sends {:.0f} events/s, round {}/{}",
                                 loud_requests * loud_events, round, on.with.rounds));
        auto loud = through.plan(loud_events, loud_requests * loud_events);
        loud.keys = loud_keys;
        add(on, "noisy.beside", through.run(quiet, [&](boost::asio::io_context& io) {
            return std::make_unique<load>(io, loud);
        }));
        for (const auto* what : {"p99", "freshness.p99"}) {
            const auto alone = on.into.at(fmt::format("noisy.alone.{}", what), "ms", better::lower);
            const auto beside =
                on.into.at(fmt::format("noisy.beside.{}", what), "ms", better::lower);
            on.into.add(fmt::format("noisy.{}.ratio", what), "x", better::lower,
                        beside.values.back() / alone.values.back());
        }
    }
    on.into.at("noisy.beside.freshness.p99", "ms", better::lower).goal = 1000;
    through.check_rows();
}

}  // namespace nd::bench
