// edge: HTTP to Kafka's acknowledgement. CPU per event saturated and at a steady pace, each beside
// its limit; latencies from the schedule; the highest rate that holds a p99. As fast as answered
// also beside a bare edge, which the best peer was measured beside.
#include "bench/bare_edge.hpp"
#include "bench/edge_limits.hpp"
#include "bench/rate_search.hpp"
#include "bench/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::bench {
namespace {

// Half of the highest rate of the best peer, where design.md's goal for p99 holds: Redpanda Connect
// 143,000 events/s at 50 events/request, Vector 9,000 at 1.
double peer_half_rate(int events_per_request) {
    return events_per_request == 1 ? 4'500 : 71'500;
}

struct goals {
    double ratio;
    double p99_ms;
};

// A quarter of the best peer's p99 (40 ms and 10 ms), and the ratios to the limit, which speaks TLS
// and decompresses where the server does.
std::optional<goals> goals_of(int events_per_request) {
    if (events_per_request == 50) return goals{1.3, 10.0};
    if (events_per_request == 1) return goals{1.5, 2.5 + 5.0};
    return std::nullopt;
}

// The best peer's CPU per event and that of a bare edge, measured closed-loop on one machine
// (bench/RESULTS.md): Redpanda Connect 4.106 at 50 events/request, Vector 0.57 at 1. And how many
// times below the peer design.md wants the server to be.
struct best_peer {
    double us;
    double bare_edge_us;
    double goal;
};
std::optional<best_peer> best_peer_of(int events_per_request) {
    if (events_per_request == 50) return best_peer{12.4, 1.7, 7};
    if (events_per_request == 1) return best_peer{50, 16.5, 2.5};
    return std::nullopt;
}

// The peers ran in the clear.
bool as_the_peers(const bed& on) {
    return !on.tls() && on.with.encoded == encoding::identity;
}

// "edge.50", "edge.tls.zstd.50": rows of their own, so that no report is compared with one of
// another kind.
std::string prefix_of(const bed& on, int events_per_request) {
    std::string made = "edge.";
    if (on.tls()) made += "tls.";
    if (on.with.encoded != encoding::identity)
        made += fmt::format("{}.", to_string(on.with.encoded));
    return made + fmt::to_string(events_per_request);
}

class edge_run {
  public:
    edge_run(bed& on, const limit_responder& limit, const bare_edge* bare,
             const bed::server& server, int per_request)
        : on_(on),
          limit_(limit),
          bare_(bare),
          server_(server),
          per_request_(per_request),
          prefix_(prefix_of(on, per_request)),
          watched_(on.common_meter()) {
        if (server.pid > 0) watched_.add("nd-ingest", server.pid);
    }

    void saturated();
    void paced();
    void search();

  private:
    [[nodiscard]] load_plan plan(double events_per_s) const {
        auto made = on_.plan_for(server_.at, server_.host, per_request_);
        made.requests_per_s = events_per_s / per_request_;
        return made;
    }
    // The same load on a server of the bench's own: its CPU per event.
    double cost_of(const forked_server& other, const std::string& name, load_plan load);
    void beside_limit(const std::string& name, const measured_load& measured, double limit_us);
    void beside_bare_edge(const std::string& name, const measured_load& measured,
                          const load_plan& load);
    void add_bars(const measured_load& measured, double limit_us);

    bed& on_;
    const limit_responder& limit_;
    const bare_edge* bare_;  // null: the peers were not measured like this
    const bed::server& server_;
    int per_request_;
    std::string prefix_;
    meter watched_;
};

double edge_run::cost_of(const forked_server& other, const std::string& name, load_plan load) {
    load.to = {boost::asio::ip::make_address("127.0.0.1"), other.port()};
    meter watched;
    watched.add(name, other.pid());
    const auto got = on_.run(load, watched);
    on_.judge(name, got.load);
    const auto cost = got.cpu_us_per_event.find(name);
    if (cost == got.cpu_us_per_event.end())
        throw bench_error(exit_unreachable,
                          name +
                              " answered nothing at this pace: the machine is too busy to "
                              "measure beside it; stop what else runs, or lower --rate");
    return cost->second;
}

void edge_run::beside_limit(const std::string& name, const measured_load& measured,
                            double limit_us) {
    const auto own = measured.cpu_us_per_event.find("nd-ingest");
    if (own == measured.cpu_us_per_event.end()) return;
    on_.into.add(name + ".cpu", "us/event", better::lower, own->second);
    on_.into.add(name + ".limit", "us/event", better::lower, limit_us);
    on_.into.add(name + ".ratio", "x", better::lower, own->second / limit_us);
}

void edge_run::saturated() {
    const auto name = prefix_ + ".saturated";
    for (std::int64_t round = 1; round <= on_.with.rounds; ++round) {
        on_.show.step(fmt::format("{} events/request, as fast as answered, round {}/{}",
                                  per_request_, round, on_.with.rounds));
        const auto load = plan(0);
        const auto measured = on_.run(load, watched_);
        on_.judge(name, measured.load);
        on_.into.add(name + ".rate", "events/s", better::higher, measured.load.events_per_s());
        beside_limit(name, measured, cost_of(limit_, "the limit", load));
        beside_bare_edge(name, measured, load);
    }
    // The peers' CPU time was taken like this.
    if (const auto wanted = goals_of(per_request_); wanted && server_.pid > 0)
        on_.into.at(name + ".ratio", "x", better::lower).goal = wanted->ratio;
}

// How many times below the best peer: what that peer costs for each microsecond of a bare edge,
// over what the server costs for one here.
void edge_run::beside_bare_edge(const std::string& name, const measured_load& measured,
                                const load_plan& load) {
    const auto peer = best_peer_of(per_request_);
    const auto own = measured.cpu_us_per_event.find("nd-ingest");
    if (bare_ == nullptr || !peer || own == measured.cpu_us_per_event.end()) return;
    const auto bare = cost_of(*bare_, "a bare edge", load);
    on_.into.add(name + ".bare_edge", "us/event", better::lower, bare);
    const auto below = name + ".below_best_peer";
    on_.into.add(below, "x", better::higher, peer->us / peer->bare_edge_us * bare / own->second);
    on_.into.at(below, "x", better::higher).goal = peer->goal;
}

void edge_run::paced() {
    const auto rate = on_.with.rate_or(peer_half_rate(per_request_));
    const auto name = prefix_ + ".paced";
    auto& line =
        on_.into.curve(name + ".timeline",
                       fmt::format("{} events/request at {:.0f} events/s: what was acknowledged",
                                   per_request_, rate),
                       "second of the counted windows", "events/s");
    if (line.all.empty()) line.all.push_back({"acknowledged", {}});
    for (std::int64_t round = 1; round <= on_.with.rounds; ++round) {
        on_.show.step(fmt::format("{} events/request at {:.0f} events/s, round {}/{}", per_request_,
                                  rate, round, on_.with.rounds));
        const auto load = plan(rate);
        const auto measured = on_.run(load, watched_);
        on_.judge(name, measured.load);
        const auto& took = measured.load.latency;
        on_.into.add(name + ".p50", "ms", better::lower, took.quantile_ms(0.5));
        on_.into.add(name + ".p99", "ms", better::lower, took.quantile_ms(0.99));
        on_.into.add(name + ".p999", "ms", better::lower, took.quantile_ms(0.999));
        on_.into.add(name + ".lateness_p99", "ms", better::lower,
                     measured.load.lateness.quantile_ms(0.99));
        const auto requests =
            static_cast<double>(std::max<std::uint64_t>(1, measured.load.requests));
        on_.into.add(name + ".wire", "B/event", better::lower,
                     static_cast<double>(measured.load.bytes_sent) / requests / per_request_);
        for (const auto& [process, mib] : measured.resident_mib)
            on_.into.add(fmt::format("{}.memory.{}", name, process), "MiB", better::lower, mib);
        const auto limit = cost_of(limit_, "the limit", load);
        beside_limit(name, measured, limit);
        if (round == 1) add_bars(measured, limit);
        for (std::size_t i = 0; i + 1 < measured.load.timeline.size(); ++i)
            line.all[0].points.emplace_back(static_cast<double>(line.all[0].points.size()),
                                            static_cast<double>(measured.load.timeline[i].events));
    }
    if (const auto wanted = goals_of(per_request_)) {
        if (as_the_peers(on_))
            on_.into.at(name + ".p99", "ms", better::lower).goal = wanted->p99_ms;
        if (server_.pid > 0) on_.into.at(name + ".ratio", "x", better::lower).goal = wanted->ratio;
    }
}

void edge_run::add_bars(const measured_load& measured, double limit_us) {
    auto& bars = on_.into.bars(
        "edge.cpu", "CPU per event at the steady pace, by process, beside the limit", "us/event");
    const auto column = [&](const std::string& label, const std::map<std::string, double>& parts) {
        const auto x = bars.stack(label);
        for (const auto& [process, us] : parts)
            bars.add_point(process, x, us);
    };
    column(fmt::format("{} events/request", per_request_), measured.cpu_us_per_event);
    column(fmt::format("limit, {}", per_request_), {{"HTTP and Kafka, nothing else", limit_us}});
}

// The tries make the latency curve too: rate against p50, p99 and p99.9.
void edge_run::search() {
    auto& curve = on_.into.curve(
        prefix_ + ".latency",
        fmt::format("Latency to the durable acknowledgement, {} events/request", per_request_),
        "events/s offered", "ms");
    curve.log_y = true;
    curve.all = {{"p50", {}}, {"p99", {}}, {"p99.9", {}}};
    rate_search looking(peer_half_rate(per_request_) / 4, 4e6, 0.08);
    double rate_held = 0, p99_held = 0;
    while (const auto rate = looking.next()) {
        on_.show.step(fmt::format("{} events/request: does {:.0f} events/s hold a p99 of {} ms?",
                                  per_request_, *rate, on_.with.p99_ms));
        auto load = plan(*rate);
        load.connections = std::max(load.connections, 256);
        const auto measured = on_.run(load, {});
        const auto& took = measured.load.latency;
        const bool held = measured.load.failures() == 0 && took.count() > 0 &&
                          took.quantile_ms(0.99) <= on_.with.p99_ms;
        looking.tried(*rate, held);
        curve.all[0].points.emplace_back(*rate, took.quantile_ms(0.5));
        curve.all[1].points.emplace_back(*rate, took.quantile_ms(0.99));
        curve.all[2].points.emplace_back(*rate, took.quantile_ms(0.999));
        if (held && *rate > rate_held) {
            rate_held = *rate;
            p99_held = took.quantile_ms(0.99);
        }
    }
    for (auto& one : curve.all)
        std::sort(one.points.begin(), one.points.end());
    on_.into.add(fmt::format("{}.highest_rate", prefix_), "events/s", better::higher, rate_held);
    on_.into.add(fmt::format("{}.highest_rate.p99", prefix_), "ms", better::lower, p99_held);
}

}  // namespace

void run_edge(bed& on) {
    const auto server =
        on.start_ingest();  // first: what is wrong with --url or --keys shows at once
    prepare_limit_topic(on);
    std::optional<bare_edge> bare;
    if (as_the_peers(on)) bare.emplace(on.with.kafka, limit_topic);
    auto sizes = on.with.events_per_request;
    if (sizes.empty()) sizes = {50, 1};
    for (const auto wanted : sizes) {
        const auto size = static_cast<int>(wanted);
        const limit_responder limit(limit_edge(on, size));
        edge_run one(on, limit, bare ? &*bare : nullptr, server, size);
        one.saturated();
        one.paced();
        if (!on.with.no_search) one.search();
    }
}

}  // namespace nd::bench
