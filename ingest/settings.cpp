#include "ingest/settings.hpp"

#include "base/hmac.hpp"
#include "base/pg_url.hpp"
#include "ingest/tls.hpp"
#include "schema/receipt.hpp"

#include <boost/asio/ip/address.hpp>

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace nd::ingest {
namespace {

std::string address_problem(const std::string& text) {
    const auto parsed = base::parse_host_port(text);
    if (!parsed) return parsed.error().detail;
    boost::system::error_code ec;
    if (parsed->host != "localhost") boost::asio::ip::make_address(parsed->host, ec);
    return ec ? "must be an IP address and a port, like 127.0.0.1:8080" : "";
}

bool is_loopback(const std::string& listen) {
    const auto parsed = base::parse_host_port(listen);
    if (!parsed) return true;  // said already, by its own check
    if (parsed->host == "localhost") return true;
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(parsed->host, ec);
    return !ec && address.is_loopback();
}

std::string pepper_problem(const std::string& file) {
    const auto pepper = base::read_secret_file(file);
    return pepper ? "" : pepper.error().detail;
}

std::string receipt_key_problem(const std::string& files) {
    const auto secrets = schema::receipt_secrets(files, "");
    return secrets ? "" : secrets.error().detail;
}

// Only of two files that can be read: that they cannot has been said, each by its own check.
std::string certificate_problem(const settings& s) {
    if (!s.tls() || ::access(s.tls_certificate.c_str(), R_OK) != 0 ||
        ::access(s.tls_key.c_str(), R_OK) != 0)
        return "";
    const auto loaded = load_tls(s.tls_certificate, s.tls_key);
    return loaded ? "" : loaded.error().detail;
}

void describe_addresses(base::config_reader& reader, settings& s) {
    reader
        .text(s.listen, "listen", "ND_LISTEN",
              "address and port for clients; port 0 takes a free one")
        .check(address_problem);
    reader
        .text(s.admin_listen, "admin-listen", "ND_ADMIN_LISTEN",
              "address and port for /healthz /readyz /metrics /openapi.yaml; keep it private")
        .check(address_problem);
    reader
        .text(s.tls_certificate, "tls-cert", "ND_TLS_CERT",
              "PEM file with the certificate chain; read again on SIGHUP")
        .readable_file();
    reader.text(s.tls_key, "tls-key", "ND_TLS_KEY", "PEM file with the certificate's key")
        .readable_file();
    reader.boolean(s.behind_proxy, "behind-proxy", "ND_BEHIND_PROXY",
                   "a proxy ends TLS: allow plain HTTP on other addresses than loopback");
}

void describe_sources(base::config_reader& reader, settings& s) {
    base::add_kafka_settings(reader, s.kafka);
    reader
        .text(s.database_url, "database-url", "ND_INGEST_DATABASE_URL",
              "Postgres with the keys, as role nd_ingest; may lead through PgBouncer")
        .check(base::pg::url_problem)
        .required()
        .secret();
    reader
        .text(s.listen_url, "listen-url", "ND_INGEST_LISTEN_URL",
              "the same without PgBouncer, for LISTEN (default: database-url)")
        .check(base::pg::url_problem)
        .secret();
    reader
        .text(s.pepper_file, "key-pepper-file", "ND_KEY_PEPPER_FILE",
              "file with the secret that keys are hashed with")
        .check(pepper_problem)
        .required();
    reader
        .text(s.receipt_key_files, "receipt-key-files", "ND_RECEIPT_KEY_FILES",
              "files with the secrets of receipts, commas between: the first signs, all are "
              "accepted (default: a key from the pepper)")
        .check(receipt_key_problem);
    reader
        .text(s.reader_url, "reader-database-url", "ND_READER_DATABASE_URL",
              "Postgres, as role nd_reader, to look receipts and pages up; may lead through "
              "PgBouncer (default: neither can be looked up here)")
        .check(base::pg::url_problem)
        .secret();
    reader.number(s.stale_keys_s, 1, 86400, "stale-keys", "ND_STALE_KEYS",
                  "seconds that cached keys live while Postgres is away");
}

void describe_work(base::config_reader& reader, settings& s) {
    reader.number(s.threads, 0, 256, "threads", "ND_THREADS",
                  "io threads; 0 takes half of the processors");
    reader.number(s.header_timeout_s, 1, 3600, "header-timeout", "ND_HEADER_TIMEOUT",
                  "seconds for a request's head");
    reader.number(s.body_timeout_s, 1, 3600, "body-timeout", "ND_BODY_TIMEOUT",
                  "seconds for a request's body");
    reader.number(s.idle_timeout_s, 1, 3600, "idle-timeout", "ND_IDLE_TIMEOUT",
                  "seconds between two requests");
    reader.number(s.drain_s, 1, 3600, "drain", "ND_DRAIN",
                  "seconds for requests in flight after SIGTERM");
}

}  // namespace

time_limits settings::times() const {
    return {std::chrono::seconds(header_timeout_s), std::chrono::seconds(body_timeout_s),
            std::chrono::seconds(idle_timeout_s)};
}

std::size_t settings::thread_count() const {
    if (threads > 0) return static_cast<std::size_t>(threads);
    return std::max(1U, std::thread::hardware_concurrency() / 2);
}

base::result<bool> read_settings(int argc, const char* const* argv, settings& into) {
    base::config_reader reader("nd-ingest",
                               "Takes events over HTTP, checks them and hands them to Kafka.");
    describe_addresses(reader, into);
    describe_sources(reader, into);
    describe_work(reader, into);
    base::add_log_settings(reader, into.log);
    reader.also([&into] { return pair_problem(into); });
    reader.also([&into] { return transport_problem(into); });
    reader.also([&into] { return certificate_problem(into); });
    return reader.read(argc, argv);
}

std::string pair_problem(const settings& s) {
    if (s.tls_certificate.empty() == s.tls_key.empty()) return "";
    return "--tls-cert and --tls-key belong together: give both or neither";
}

std::string transport_problem(const settings& s) {
    if (s.tls() || s.behind_proxy || is_loopback(s.listen)) return "";
    return "--listen " + s.listen +
           " is reachable from other machines: give --tls-cert and --tls-key, or say "
           "--behind-proxy when a proxy ends TLS";
}

}  // namespace nd::ingest
