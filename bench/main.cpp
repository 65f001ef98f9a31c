// nd-bench: what engineers run before a release. `run` measures a scenario, `compare` holds two
// reports against each other.
#include "bench/compare.hpp"
#include "bench/machine.hpp"
#include "bench/options.hpp"
#include "bench/scale_part.hpp"
#include "bench/scenario.hpp"
#include "bench/sizing.hpp"

#include "base/random.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <span>
#include <sstream>

namespace nd::bench {
namespace {

// Beside --connections: those that a scenario adds (edge's search uses 256), and files.
constexpr std::uint64_t reserved_descriptors = 512;

std::string names_of_scenarios() {
    std::string all;
    for (const auto& one : scenarios())
        all += fmt::format("\n  {:<13} {}", one.name, one.about);
    return all;
}

void add_places(CLI::App& run, options& o) {
    run.add_option("--out", o.out, "where the report goes [nd-bench-SCENARIO.json]");
    run.add_option("--url", o.url, "a running nd-ingest; without it, one is started here");
    run.add_option("--keys", o.keys, "JSON lines of `ndctl tenant create --keys-out`");
    run.add_option("--kafka", o.kafka, "bootstrap servers")->envname("ND_KAFKA");
    run.add_option("--admin-url", o.admin_url, "a superuser of Postgres")
        ->envname("ND_ADMIN_DATABASE_URL");
    run.add_option("--broker-pid", o.broker_pid, "process of the broker, to count its CPU time")
        ->envname("ND_BENCH_BROKER_PID");
    run.add_option("--ingest-pid", o.ingest_pid, "process behind --url, to count its CPU time");
    run.add_option("--recording", o.recording, "events.ndjson.gz of tests/record")
        ->envname("ND_BENCH_RECORDING");
    run.add_option("--log-dir", o.log_dir, "where the logs of started programs go")
        ->envname("ND_BENCH_LOG_DIR");
    run.add_flag("--tls", o.tls, "speak TLS with the certificate that ./dev bench made");
    run.add_option("--tls-cert", o.certificate, "PEM: speak TLS, the limits too");
    run.add_option("--tls-key", o.key, "PEM, with --tls-cert");
    run.add_option("--trust", o.trust, "PEM that the server's certificate is checked with");
}

void add_load(CLI::App& run, options& o) {
    run.add_option("--events-per-request", o.events_per_request, "one or more sizes")
        ->check(CLI::Range(1, 1000));
    run.add_option_function<std::string>(
           "--encoding", [&o](const std::string& name) { o.encoded = *encoding_named(name); },
           "identity, gzip or zstd")
        ->check([](const std::string& name) {
            return encoding_named(name) ? "" : "it is identity, gzip or zstd";
        });
    run.add_option("--tenants", o.tenants, "how many are made")->check(CLI::Range(1, 1'000'000));
    run.add_option("--connections", o.connections, "kept alive")->check(CLI::Range(1, 60'000));
    run.add_option("--threads", o.threads, "of nd-ingest")->check(CLI::Range(1, 64));
    run.add_option("--writers", o.writers, "nd-writer processes")->check(CLI::Range(1, 16));
    run.add_option("--events", o.events,
                   "to store, in `writer` and `replay`; pages a round, in `pages`");
    run.add_option("--audit-events", o.audit_events, "of one large range to audit, in `replay`")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    run.add_option("--part", o.parts, "of `scale`, one or more: " + names_of_scale_parts())
        ->check([](const std::string& name) {
            return is_scale_part(name) ? "" : "the parts of scale are " + names_of_scale_parts();
        });
    run.add_option("--partitions", o.partitions, "of the topic, in `scale`")
        ->check(CLI::Range(1, 1000));
    run.add_option("--table-rows", o.table_rows, "in nd.events before, in `scale`")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
}

void add_run(CLI::App& run, options& o) {
    run.add_option("scenario", o.scenario, "one of:" + names_of_scenarios())->required();
    add_places(run, o);
    add_load(run, o);
    run.add_option("--rounds", o.rounds, "repetitions")->check(CLI::Range(1, 100));
    run.add_option("--seconds", o.seconds, "of each window")->check(CLI::Range(0.2, 86400.0));
    run.add_option("--warm-up", o.warm_up, "seconds before it")->check(CLI::Range(0.0, 600.0));
    run.add_option("--rate", o.rate, "events/s offered; 0: the scenario's own");
    run.add_option("--p99", o.p99_ms, "ms that a rate must hold in the search");
    run.add_option("--seed", o.seed, "of schedules and ids; 0: a new one");
    run.add_flag("--no-search", o.no_search, "leave the highest rate out, in `edge`");
    run.add_flag("--one-core", o.one_core, "measure on one core all the same");
    run.option_defaults()->always_capture_default();
}

void fill_seed(options& o) {
    if (o.seed != 0) return;
    std::array<std::uint8_t, 4> bytes{};
    base::fill_random(bytes);
    for (const auto byte : bytes)
        o.seed = o.seed * 256 + byte;
}

void add_facts(report& into, const options& o, const CLI::App& run) {
    for (auto& [name, value] : machine_facts())
        into.fact(name, value);
    into.fact("scenario", o.scenario);
    into.fact("seed", fmt::to_string(o.seed));
    into.fact("version", ND_VERSION);
    into.fact("at", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))));
    if (const char* commit = std::getenv("ND_BENCH_COMMIT")) into.fact("commit", commit);
    for (const auto* option : run.get_options())
        if (option->count() > 0 && option->get_name() != "--admin-url")
            into.fact("option " + option->get_name(),
                      fmt::format("{}", fmt::join(option->results(), " ")));
}

// One word is enough under ./dev bench, which has made a certificate.
void settle_tls(options& o) {
    if (o.tls && o.certificate.empty()) {
        const char* folder = std::getenv("ND_BENCH_CERTIFICATES");
        if (folder == nullptr)
            throw bench_error(exit_usage,
                              "--tls uses the certificate of ./dev bench: run it with ./dev bench, "
                              "or give --tls-cert, --tls-key and --trust");
        o.certificate = fmt::format("{}/bench.pem", folder);
        o.key = fmt::format("{}/bench.key", folder);
        if (o.trust.empty()) o.trust = o.certificate;
    }
    if (o.certificate.empty() != o.key.empty())
        throw bench_error(exit_usage, "--tls-cert and --tls-key go together");
    if (o.certificate.empty() && o.url.starts_with("https:"))
        throw bench_error(exit_usage,
                          "the limits of a server behind https speak TLS too: give them a "
                          "certificate with --tls-cert and --tls-key");
    o.tls = !o.certificate.empty();
    if (o.tls && o.url.starts_with("http:"))
        throw bench_error(exit_usage, "TLS is asked for and --url says http: say https");
    for (const auto& file : {o.certificate, o.key, o.trust})
        if (!file.empty() && !std::ifstream(file))
            throw bench_error(exit_unreachable, "cannot read " + file);
}

int measure(options& o, const CLI::App& run) {
    const auto* wanted = find_scenario(o.scenario);
    if (wanted == nullptr)
        throw bench_error(exit_usage, fmt::format("there is no scenario '{}'; there are:{}",
                                                  o.scenario, names_of_scenarios()));
    settle_tls(o);
    need_two_cores(o.one_core);
    need_descriptors(static_cast<std::uint64_t>(o.connections) + reserved_descriptors);
    fill_seed(o);
    report into;
    add_facts(into, o, run);
    bed on(o, into);
    wanted->run(on);
    const auto path = o.out.empty() ? fmt::format("nd-bench-{}.json", o.scenario) : o.out;
    std::ofstream file(path);
    file << boost::json::serialize(into.to_json()) << '\n';
    if (!file.flush()) throw bench_error(exit_unreachable, "cannot write " + path);
    fmt::print("{}report: {} (seed {})\n", to_table(into), path, o.seed);
    return into.sound() ? 0 : exit_finding;
}

report read_report(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw bench_error(exit_unreachable, "cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    auto read = report_from(text.str());
    if (!read) throw bench_error(exit_usage, path + ": " + read.error().detail);
    return std::move(*read);
}

int hold_against(const std::string& first, const std::string& second, double percent) {
    const auto all = compare(read_report(first), read_report(second), percent);
    fmt::print("{}", to_table(all));
    const auto worse =
        std::count_if(all.begin(), all.end(), [](const comparison& one) { return one.regression; });
    if (worse == 0) return 0;
    fmt::print("{} figure(s) worse by more than {} %, beyond the noise\n", worse, percent);
    return exit_finding;
}

int size(const std::string& path, const sizing_assumptions& assumed) {
    const auto table = sizing_table(read_report(path), assumed);
    if (!table) throw bench_error(exit_usage, path + ": " + table.error().detail);
    fmt::print("{}", *table);
    return 0;
}

int command(int argc, const char* const* argv) {
    CLI::App app{"Measures ActivationKit: open-loop load, limits in the same run, reports."};
    app.require_subcommand(1);
    options o;
    auto* run = app.add_subcommand("run", "measure a scenario");
    add_run(*run, o);
    auto* comparing = app.add_subcommand("compare", "hold two reports against each other");
    std::string first, second;
    double percent = 10;
    comparing->add_option("first", first, "the report of before")->required();
    comparing->add_option("second", second, "the report of now")->required();
    comparing->add_option("--percent", percent, "a figure worse by more is a regression")
        ->capture_default_str();
    auto* sizing = app.add_subcommand("sizing", "what a rate needs, from a report of `scale`");
    std::string measured;
    sizing_assumptions assumed;
    sizing->add_option("report", measured, "JSON of `run scale`")->required();
    sizing->add_option("--utilisation", assumed.utilisation, "of a core, in percent")
        ->check(CLI::Range(1.0, 100.0))
        ->capture_default_str();
    sizing->add_option("--replication", assumed.replication, "of the topics")
        ->check(CLI::Range(1, 10))
        ->capture_default_str();
    sizing->add_option("--kafka-days", assumed.kafka_days, "that Kafka keeps events")
        ->check(CLI::Range(0.1, 10'000.0))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : exit_usage;
    }
    if (sizing->parsed()) return size(measured, assumed);
    return run->parsed() ? measure(o, *run) : hold_against(first, second, percent);
}

}  // namespace
}  // namespace nd::bench

int main(int argc, char** argv) {
    using namespace nd::bench;
    try {
        return command(argc, argv);
    } catch (const bench_error& e) {
        fmt::print(stderr, "nd-bench: {}\n", e.what());
        return e.code();
    } catch (const std::exception& e) {
        fmt::print(stderr, "nd-bench: {}\n", e.what());
        return exit_unreachable;
    }
}
