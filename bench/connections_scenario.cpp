// connections: ten thousand that are open and silent, a thousand that send. What does an idle one
// cost in memory, and do the active ones notice?
#include "bench/machine.hpp"
#include "bench/scenario.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>

namespace nd::bench {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t idle = 10'000;
constexpr std::int64_t active = 1'000;
constexpr double rate = 5'000;             // events/s, 5 in a request
constexpr double kib_per_connection = 16;  // design.md's budget

void add(bed& on, const std::string& name, const measured_load& got) {
    on.judge(name, got.load);
    on.into.add(name + ".p50", "ms", better::lower, got.load.latency.quantile_ms(0.5));
    on.into.add(name + ".p99", "ms", better::lower, got.load.latency.quantile_ms(0.99));
    if (got.cpu_us_per_event.contains("nd-ingest"))
        on.into.add(name + ".cpu", "us/event", better::lower, got.cpu_us_per_event.at("nd-ingest"));
}

}  // namespace

void run_connections(bed& on) {
    need_descriptors(idle + active + 200);
    if (on.tls())
        throw bench_error(exit_usage,
                          "connections opens its silent ones in the clear: leave "
                          "--tls-cert out");
    const auto server = on.start_ingest({{"ND_IDLE_TIMEOUT", "600"}});
    meter watched = on.common_meter();
    if (server.pid > 0) watched.add("nd-ingest", server.pid);
    auto plan = on.plan_for(server.at, server.host, 5);
    plan.connections = static_cast<int>(active);
    plan.requests_per_s = rate / 5;
    on.show.step(fmt::format("warming {} active connections", active));
    static_cast<void>(on.run(plan, watched));
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(
            fmt::format("{} active connections, round {}/{}", active, round, on.with.rounds));
        const auto alone = on.run(plan, watched);
        add(on, "connections.alone", alone);
        on.show.step(fmt::format("and {} silent ones, round {}/{}", idle, round, on.with.rounds));
        asio::io_context io(1);
        std::vector<asio::ip::tcp::socket> silent;
        for (std::int64_t i = 0; i < idle; ++i)
            silent.emplace_back(io).connect(server.at);
        const auto beside = on.run(plan, watched);
        add(on, "connections.beside", beside);
        if (!beside.resident_mib.contains("nd-ingest")) continue;
        on.into.add("connections.memory", "MiB", better::lower,
                    beside.resident_mib.at("nd-ingest"));
        on.into.add("connections.idle_cost", "KiB", better::lower,
                    (beside.resident_mib.at("nd-ingest") - alone.resident_mib.at("nd-ingest")) *
                        1024 / static_cast<double>(idle));
    }
    on.into.at("connections.idle_cost", "KiB", better::lower).goal = kib_per_connection;
}

}  // namespace nd::bench
