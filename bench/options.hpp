// What `nd-bench run` was asked for. Filled by the command line, read by scenarios.
#pragma once

#include "bench/request_maker.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace nd::bench {

inline constexpr int exit_finding = 1;      // a regression, or figures that are not sound
inline constexpr int exit_usage = 2;        // what was asked for cannot be done so
inline constexpr int exit_unreachable = 3;  // a server or a file is not there

// Ends a run with a message for a person and an exit code.
class bench_error : public std::runtime_error {
  public:
    bench_error(int code, const std::string& sentence)
        : std::runtime_error(sentence), code_(code) {}
    [[nodiscard]] int code() const noexcept { return code_; }

  private:
    int code_;
};

struct options {
    std::string scenario;
    std::string out;               // the report's JSON; empty: nd-bench-SCENARIO.json
    std::string recording;         // tests/record/recording/events.ndjson.gz
    std::string log_dir = "/tmp";  // of the programs that the bench starts

    std::string url;    // a running server; empty: nd-ingest is started here
    std::string keys;   // JSON lines of `ndctl tenant create --keys-out`; empty: tenants are made
    std::string kafka;  // bootstrap servers
    std::string admin_url;        // a superuser of Postgres
    std::int64_t broker_pid = 0;  // 0: the broker's CPU time is not counted
    std::int64_t ingest_pid = 0;  // of the server behind --url; 0: not counted
    bool tls = false;             // with the certificate of ./dev bench where none is given
    std::string certificate;      // with key: nd-ingest and the limits speak TLS
    std::string key;
    std::string trust;  // PEM file that the certificate is checked with

    std::vector<std::int64_t> events_per_request;  // empty: the scenario's own choice
    encoding encoded = encoding::identity;
    std::int64_t tenants = 20'000;
    std::int64_t connections = 64;
    std::int64_t threads = 1;  // of nd-ingest
    std::int64_t writers = 1;
    std::int64_t events = 0;         // to store, or pages; 0: the scenario's own choice
    std::int64_t audit_events = 0;   // in `replay`, of one large range; 0: none
    std::vector<std::string> parts;  // of `scale`; empty: all of them
    std::vector<std::int64_t> partitions{4, 8, 32, 128};            // in `scale`
    std::vector<std::int64_t> table_rows{0, 1'000'000, 4'000'000};  // in `scale`
    std::int64_t rounds = 5;
    double seconds = 4;  // of each counted window
    double warm_up = 1;
    double rate = 0;        // events/s; 0: the scenario's own choice
    double p99_ms = 25;     // what a rate must hold to count in the search
    std::int64_t seed = 0;  // 0: a new one, shown in the report
    bool no_search = false;
    bool one_core = false;

    // What was asked for, or else the scenario's own choice.
    [[nodiscard]] double rate_or(double usual) const { return rate > 0 ? rate : usual; }
    [[nodiscard]] int one_size() const {  // events in a request, where one size is measured
        return events_per_request.empty() ? 50 : static_cast<int>(events_per_request.front());
    }
};

}  // namespace nd::bench
