// soak: a steady load for as long as --seconds says. Memory must stay flat, rows must stay fresh,
// and at the end there are exactly as many rows as events were acknowledged.
#include "bench/pipeline_run.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::bench {
namespace {

constexpr double default_rate = 20'000;  // events/s
constexpr double slice_s = 10;           // memory and freshness are looked at this often
constexpr double flat_mib = 16;          // between the second and the last slice

}  // namespace

void run_soak(bed& on) {
    pipeline through(on, static_cast<int>(on.with.writers));
    const auto per_request = on.with.one_size();
    const auto rate = on.with.rate_or(default_rate);
    auto& memory = on.into.curve("soak.memory", "Resident memory", "seconds", "MiB");
    auto& fresh = on.into.curve("soak.freshness",
                                "From the moment a request was due to a row that can be read",
                                "seconds", "ms, p99");
    const auto slices =
        std::max<std::int64_t>(3, static_cast<std::int64_t>(on.with.seconds / slice_s));
    std::map<std::string, double> second, last;
    for (std::int64_t slice = 1; slice <= slices; ++slice) {
        on.show.step(fmt::format("{:.0f} events/s, slice {}/{}", rate, slice, slices));
        auto plan = through.plan(per_request, rate);
        plan.window = std::chrono::milliseconds(static_cast<std::int64_t>(slice_s * 1000));
        const auto got = through.run(plan);
        on.judge("soak", got.front.load);
        if (got.lost > 0 || !got.drained) on.into.unsound("soak: not every event became a row");
        const auto x = static_cast<double>(slice) * slice_s;
        for (const auto& [process, mib] : got.front.resident_mib)
            memory.add_point(process, x, mib);
        fresh.add_point("p99", x, got.fresh.quantile_ms(0.99));
        on.into.add("soak.freshness.p99", "ms", better::lower, got.fresh.quantile_ms(0.99));
        on.into.add("soak.ack.p99", "ms", better::lower, got.front.load.latency.quantile_ms(0.99));
        last = got.front.resident_mib;
        if (slice == 2) second = last;
    }
    for (const auto* program : {"nd-ingest", "nd-writer"}) {
        const auto name = fmt::format("soak.growth.{}", program);
        on.into.add(name, "MiB", better::lower, last[program] - second[program]);
        on.into.at(name, "MiB", better::lower).goal = flat_mib;
    }
    through.check_rows();
}

}  // namespace nd::bench
