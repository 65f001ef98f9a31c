// nd-edge-cost: CPU per event of a running nd-ingest against its limits, interleaved in one run so
// that the ratio holds on a noisy machine. The limit of an event is a bare librdkafka producer plus
// a bare 202 responder's share of the request.
#include "base/config.hpp"
#include "bench/limit_producer.hpp"
#include "bench/limit_responder.hpp"
#include "bench/load.hpp"
#include "bench/process_cpu.hpp"
#include "ops/kafka_admin.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <numeric>

namespace {

using namespace nd;

struct settings {
    std::string url;
    std::string keys;
    std::string kafka;
    std::int64_t pid = 0;
    std::int64_t events = 50;
    std::int64_t seconds = 4;
    std::int64_t rounds = 5;
};

std::vector<std::string> read_keys(const std::string& path) {
    std::vector<std::string> keys;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        keys.emplace_back(boost::json::parse(line).at("key").as_string());
    }
    return keys;
}

constexpr const char* bench_topic = "nd.bench.v1";

// As many partitions as nd.events.v1 has; what is in it is of no use to anybody.
base::result<> make_topic(const std::string& kafka) {
    ops::settings from;
    from.kafka = kafka;
    from.single_broker = true;
    auto admin = ops::kafka_admin::connect(from);
    if (!admin) return admin.error();
    const auto made =
        admin->create({{bench_topic, ops::default_partitions, 1, {{"retention.ms", "600000"}}}});
    return made ? base::result<>() : made.error();
}

double per(std::chrono::nanoseconds cpu, std::uint64_t count) {
    return count == 0 ? 0.0
                      : static_cast<double>(cpu.count()) / 1000.0 / static_cast<double>(count);
}

struct round_result {
    double edge_us = 0;       // per event
    double responder_us = 0;  // per request
    double producer_us = 0;   // per event
    double p50_ms = 0;
    double p99_ms = 0;
    double rate = 0;
    std::uint64_t refused = 0;
    [[nodiscard]] double limit(std::int64_t events) const {
        return producer_us + responder_us / static_cast<double>(events);
    }
};

round_result one_round(const settings& s, bench::load_plan plan,
                       const bench::limit_responder& responder) {
    round_result r;
    const auto before = bench::process_cpu(static_cast<pid_t>(s.pid));
    auto edge = bench::run_load(plan);
    r.edge_us = per(bench::process_cpu(static_cast<pid_t>(s.pid)) - before, edge.events);
    r.rate = static_cast<double>(edge.events) / edge.seconds;
    for (const auto& [status, count] : edge.refused)
        r.refused += count;
    std::sort(edge.latencies_ms.begin(), edge.latencies_ms.end());
    if (!edge.latencies_ms.empty()) {
        r.p50_ms = edge.latencies_ms[edge.latencies_ms.size() / 2];
        r.p99_ms = edge.latencies_ms[edge.latencies_ms.size() * 99 / 100];
    }
    plan.port = responder.port();
    plan.duration /= 2;
    const auto idle = bench::process_cpu(responder.pid());
    const auto bare = bench::run_load(plan);
    r.responder_us = per(bench::process_cpu(responder.pid()) - idle, bare.requests);
    const auto produced = bench::run_producer(s.kafka, bench_topic, plan.duration);
    r.producer_us = per(produced.cpu, produced.delivered);
    return r;
}

double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print_summary(const settings& s, const std::vector<round_result>& rounds) {
    std::vector<double> ratios;
    for (const auto& r : rounds)
        ratios.push_back(r.edge_us / r.limit(s.events));
    const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
    fmt::print(
        "ratio to the limit: median {:.2f} (from {:.2f} to {:.2f}, {} rounds, {} events/request)\n",
        middle(ratios), *low, *high, rounds.size(), s.events);
}

}  // namespace

int main(int argc, char** argv) {
    settings s;
    base::config_reader reader("nd-edge-cost", "CPU per event of nd-ingest against its limits.");
    reader.text(s.url, "url", "ND_URL", "http://host:port of a running nd-ingest").required();
    reader.text(s.keys, "keys", "ND_BENCH_KEYS", "JSON lines of ndctl tenant create --keys-out")
        .required();
    reader.text(s.kafka, "kafka", "ND_KAFKA", "bootstrap servers, for the bare producer")
        .required();
    reader.number(s.pid, 0, 1 << 30, "pid", "ND_BENCH_PID", "process of nd-ingest");
    reader.number(s.events, 1, 1000, "events", "ND_BENCH_EVENTS", "events per request");
    reader.number(s.seconds, 1, 60, "seconds", "ND_BENCH_SECONDS", "of load per round");
    reader.number(s.rounds, 1, 50, "rounds", "ND_BENCH_ROUNDS", "rounds");
    const auto go = reader.read(argc, argv);
    if (!go) {
        fmt::print(stderr, "{}\n", go.error().detail);
        return 2;
    }
    if (!*go) return 0;
    const auto where = base::parse_host_port(s.url.substr(s.url.find("://") + 3));
    const auto keys = read_keys(s.keys);
    if (!where || keys.empty()) {
        fmt::print(stderr, "{}\n", where ? "no keys in " + s.keys : where.error().detail);
        return 2;
    }
    if (const auto made = make_topic(s.kafka); !made) {
        fmt::print(stderr, "{}\n", made.error().detail);
        return 3;
    }
    const bench::limit_responder responder;
    bench::load_plan plan{where->host,
                          where->port,
                          keys,
                          64,
                          static_cast<int>(s.events),
                          std::chrono::seconds(s.seconds)};
    std::vector<round_result> rounds;
    for (std::int64_t i = 0; i < s.rounds; ++i) {
        std::rotate(plan.keys.begin(),
                    plan.keys.begin() + static_cast<std::ptrdiff_t>(plan.keys.size() / 7),
                    plan.keys.end());
        const auto& r = rounds.emplace_back(one_round(s, plan, responder));
        fmt::print(
            "round {}: edge {:.2f} us/event at {:.0f} events/s (p50 {:.1f} ms, p99 {:.1f} ms, "
            "refused {}); "
            "limit {:.2f} = producer {:.2f} + responder {:.1f}/{}; ratio {:.2f}\n",
            i + 1, r.edge_us, r.rate, r.p50_ms, r.p99_ms, r.refused, r.limit(s.events),
            r.producer_us, r.responder_us, s.events, r.edge_us / r.limit(s.events));
        std::fflush(stdout);
    }
    print_summary(s, rounds);
}
