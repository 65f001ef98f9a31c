// many-tenants: what an event costs as the tenants grow in number, at the edge (its tables of keys
// and limits) and in the writer (a transaction for each tenant of a batch).
#include "bench/edge_limits.hpp"
#include "bench/lift_limits.hpp"
#include "bench/scenario.hpp"
#include "bench/writer_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nd::bench {
namespace {

constexpr std::array<std::size_t, 5> at_the_edge{10, 100, 1'000, 10'000, 100'000};
constexpr std::array<std::size_t, 6> in_the_writer{6, 30, 150, 600, 1'500, 6'000};
constexpr std::uint64_t default_rows = 200'000;
constexpr double edge_rate = 50'000;  // events/s, 50 in a request

chart& curve_of(bed& on, const char* name, const char* title, const char* x_label) {
    auto& made = on.into.curve(name, title, x_label, "us of CPU");
    made.log_x = true;
    return made;
}

void edge_curve(bed& on) {
    edge_limits limits(on);
    const auto server = on.start_ingest();
    meter watched = on.common_meter();
    if (server.pid > 0) watched.add("nd-ingest", server.pid);
    auto& curve = curve_of(on, "many-tenants.edge", "CPU per event at the edge, 50 in a request",
                           "tenants that send");
    for (const auto tenants : at_the_edge) {
        if (tenants > on.keys.size()) break;
        for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
            on.show.step(
                fmt::format("edge: {} tenants, round {}/{}", tenants, round, on.with.rounds));
            auto plan = on.plan_for(server.at, server.host, 50);
            plan.requests_per_s = edge_rate / 50;
            plan.keys = std::span(on.keys).first(tenants);
            const auto got = on.run(plan, watched);
            const auto name = fmt::format("many-tenants.edge.{}", tenants);
            on.judge(name, got.load);
            const auto limit = limits.measure(on, plan);
            on.into.add(name + ".p99", "ms", better::lower, got.load.latency.quantile_ms(0.99));
            if (!got.cpu_us_per_event.contains("nd-ingest")) continue;
            const auto us = got.cpu_us_per_event.at("nd-ingest");
            on.into.add(name + ".cpu", "us/event", better::lower, us);
            on.into.add(name + ".ratio", "x", better::lower, us / limit.us_per_event());
        }
        curve.add_point(
            "nd-ingest", static_cast<double>(tenants),
            on.into.at(fmt::format("many-tenants.edge.{}.cpu", tenants), "us/event", better::lower)
                .median());
    }
}

void writer_curve(bed& on) {
    writer_run one(on);
    const auto rows =
        on.with.events > 0 ? static_cast<std::uint64_t>(on.with.events) : default_rows;
    auto& curve = curve_of(on, "many-tenants.writer", "CPU per row, nd-writer and Postgres",
                           "tenants in a batch");
    for (const auto tenants : in_the_writer) {
        if (tenants > on.tenants.size()) break;
        const auto name = fmt::format("many-tenants.writer.{}", tenants);
        for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
            on.show.step(fmt::format("writer: {} tenants in the topic, round {}/{}", tenants, round,
                                     on.with.rounds));
            add_figures(on.into, name,
                        one.measure(rows, tenants, static_cast<int>(on.with.writers)));
        }
        const auto x = on.into.at(name + ".tenants_per_batch", "", better::higher).median();
        curve.add_point("nd-writer + postgres", x,
                        on.into.at(name + ".cpu", "", better::lower).median());
        curve.add_point("COPY, no row-level security", x,
                        on.into.at(name + ".limit", "", better::lower).median());
    }
}

}  // namespace

void run_many_tenants(bed& on) {
    // The writer first: it wants to find nothing unstored in the topic.
    writer_curve(on);
    lift_limits(on, std::span(on.tenants).first(std::min<std::size_t>(1000, on.tenants.size())));
    edge_curve(on);
}

}  // namespace nd::bench
