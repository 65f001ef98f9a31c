// limits: what the other scenarios are measured against, alone: a bare 202 responder, a bare
// producer, a bare COPY. Run it to know a machine.
#include "bench/edge_limits.hpp"
#include "bench/limit_copy.hpp"
#include "bench/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::bench {
namespace {

constexpr std::uint64_t rows = 200'000;

}  // namespace

void run_limits(bed& on) {
    edge_limits edge(on);
    limit_copy copy(on);
    auto sizes = on.with.events_per_request;
    if (sizes.empty()) sizes = {50, 1};
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        for (const auto size : sizes) {
            on.show.step(fmt::format("responder and producer, {} events at once, round {}/{}", size,
                                     round, on.with.rounds));
            auto plan = on.plan_for({}, "127.0.0.1", static_cast<int>(size));
            plan.to.address(boost::asio::ip::make_address("127.0.0.1"));
            const auto cost = edge.measure(on, plan);
            const auto name = fmt::format("limits.{}", size);
            on.into.add(name + ".responder", "us/request", better::lower, cost.responder_us);
            on.into.add(name + ".producer", "us/event", better::lower, cost.producer_us);
        }
        on.show.step(fmt::format("COPY of {} rows, round {}/{}", rows, round, on.with.rounds));
        const auto cost = copy.measure(
            on, rows, std::span(on.tenants).first(std::min<std::size_t>(2000, on.tenants.size())));
        on.into.add("limits.copy", "us/row", better::lower, cost.us_per_row());
        on.into.add("limits.copy.rate", "rows/s", better::higher, cost.rows_per_s);
    }
}

}  // namespace nd::bench
