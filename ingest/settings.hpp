// nd-ingest's configuration: read and judged once, by main. Every item is in README's table.
#pragma once

#include "base/config.hpp"
#include "base/kafka_conf.hpp"
#include "ingest/edge.hpp"

#include <cstdint>
#include <string>

namespace nd::ingest {

struct settings {
    base::log_settings log;
    base::kafka_settings kafka;
    std::string listen = "127.0.0.1:8080";
    std::string admin_listen = "127.0.0.1:9080";
    std::int64_t threads = 0;  // 0: half of the machine's, librdkafka needs the others
    std::string database_url;
    std::string listen_url;
    std::string pepper_file;
    std::string receipt_key_files;
    std::string reader_url;
    std::string tls_certificate;
    std::string tls_key;
    bool behind_proxy = false;
    std::int64_t stale_keys_s = 900;
    std::int64_t header_timeout_s = 10;
    std::int64_t body_timeout_s = 30;
    std::int64_t idle_timeout_s = 75;
    std::int64_t drain_s = 30;

    [[nodiscard]] bool tls() const { return !tls_certificate.empty() && !tls_key.empty(); }
    [[nodiscard]] time_limits times() const;
    [[nodiscard]] std::size_t thread_count() const;
};

// false: --help or --version was printed. errc::invalid: `detail` has one line per problem.
[[nodiscard]] base::result<bool> read_settings(int argc, const char* const* argv, settings& into);

// What must hold between items; empty when all is well. Keys must not cross a network in the clear.
[[nodiscard]] std::string pair_problem(const settings& s);
[[nodiscard]] std::string transport_problem(const settings& s);

}  // namespace nd::ingest
