// pipeline: HTTP to a committed row, all programs. Saturation by freshness, then CPU per event and
// freshness at 60 % of it, beside the sum of the stages' limits.
#include "bench/edge_limits.hpp"
#include "bench/limit_copy.hpp"
#include "bench/pipeline_run.hpp"
#include "bench/rate_search.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr double first_rate = 20'000;  // events/s
constexpr double highest_rate = 400'000;
constexpr double share = 0.6;  // of saturation, where design.md's goals hold
constexpr double fresh_ms = 1000;
constexpr std::uint64_t limit_rows = 200'000;
constexpr std::size_t limit_tenants = 2000;

double saturation(bed& on, pipeline& through, int per_request) {
    auto& curve = on.into.curve("pipeline.freshness",
                                "From the moment a request was due to a row that can be read",
                                "events/s offered", "ms");
    curve.log_y = true;
    curve.all = {{"p50", {}}, {"p99", {}}, {"acknowledgement, p99", {}}};
    on.show.step("warming all programs");
    static_cast<void>(through.run(through.plan(per_request, first_rate)));
    rate_search looking(first_rate, highest_rate, 0.12);
    while (const auto rate = looking.next()) {
        on.show.step(fmt::format("do {:.0f} events/s become rows within a second (p99)?", *rate));
        const auto got = through.run(through.plan(per_request, *rate));
        const auto p99 = got.fresh.quantile_ms(0.99);
        const bool held = got.drained && got.lost == 0 && got.front.load.failures() == 0 &&
                          got.fresh.count() > 0 && p99 <= fresh_ms;
        looking.tried(*rate, held);
        on.show.step(fmt::format("  {}: p99 {:.0f} ms, {} failures, {} of {} samples never seen{}",
                                 held ? "yes" : "no", p99, got.front.load.failures(), got.lost,
                                 got.lost + got.fresh.count(),
                                 got.drained ? "" : ", the writer is still behind"));
        curve.all[0].points.emplace_back(*rate, got.fresh.quantile_ms(0.5));
        curve.all[1].points.emplace_back(*rate, p99);
        curve.all[2].points.emplace_back(*rate, got.front.load.latency.quantile_ms(0.99));
    }
    for (auto& one : curve.all)
        std::sort(one.points.begin(), one.points.end());
    if (looking.best() <= 0)
        throw bench_error(exit_finding,
                          "no rate was found at which events become rows within a "
                          "second: is the machine busy with something else?");
    on.into.add("pipeline.saturation", "events/s", better::higher, looking.best());
    return looking.best();
}

void add_round(bed& on, const pipeline_outcome& got, double limit_us, bool draw) {
    auto& into = on.into;
    into.add("pipeline.freshness.p50", "ms", better::lower, got.fresh.quantile_ms(0.5));
    into.add("pipeline.freshness.p99", "ms", better::lower, got.fresh.quantile_ms(0.99));
    into.add("pipeline.ack.p99", "ms", better::lower, got.front.load.latency.quantile_ms(0.99));
    double own = 0;
    for (const auto& [process, us] : got.front.cpu_us_per_event) {
        into.add("pipeline.cpu." + process, "us/event", better::lower, us);
        if (process != "kafka") own += us;
    }
    into.add("pipeline.cpu", "us/event", better::lower, own);
    into.add("pipeline.limit", "us/event", better::lower, limit_us);
    into.add("pipeline.ratio", "x", better::lower, own / limit_us);
    for (const auto& [process, mib] : got.front.resident_mib)
        into.add("pipeline.memory." + process, "MiB", better::lower, mib);
    if (!draw) return;
    auto& bars = into.bars("pipeline.cpu",
                           "CPU per event from HTTP to the committed row, by process", "us/event");
    bars.labels = {"all programs", "sum of the limits"};
    for (const auto& [process, us] : got.front.cpu_us_per_event)
        bars.all.push_back({process, {{0, us}}});
    bars.all.push_back({"bare responder, producer, COPY", {{1, limit_us}}});
}

}  // namespace

void run_pipeline(bed& on) {
    edge_limits edge(on);
    limit_copy rows(on);
    pipeline through(on, static_cast<int>(on.with.writers));
    const auto per_request = on.with.one_size();
    const auto rate =
        on.with.rate > 0 ? on.with.rate : share * saturation(on, through, per_request);
    on.into.add("pipeline.rate", "events/s", better::higher, rate);
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(
            fmt::format("{:.0f} events/s to rows, round {}/{}", rate, round, on.with.rounds));
        const auto load = through.plan(per_request, rate);
        const auto got = through.run(load);
        on.judge("pipeline", got.front.load);
        if (got.lost > 0 || !got.drained)
            on.into.unsound(fmt::format("{} sampled events never became rows", got.lost));
        const auto limit =
            edge.measure(on, load).us_per_event() +
            rows.measure(on, limit_rows,
                         std::span(on.tenants).first(std::min(limit_tenants, on.tenants.size())))
                .us_per_row();
        add_round(on, got, limit, round == 1);
    }
    on.into.at("pipeline.freshness.p99", "ms", better::lower).goal = fresh_ms;
    on.into.at("pipeline.ratio", "x", better::lower).goal = 1.4;
    through.check_rows();
}

}  // namespace nd::bench
