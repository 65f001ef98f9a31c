#include "ingest/serving.hpp"

#include "base/log.hpp"
#include "ingest/kafka_sink.hpp"
#include "schema/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ingest {
namespace {

using clock_type = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_every{100};

// The bytes are bounded for the whole process by shared_parts::queue. The messages are shared out,
// but so that several of the largest requests always fit.
base::kafka_producer_settings producer_settings(const settings& s, std::size_t threads) {
    base::kafka_producer_settings made;
    made.kafka = s.kafka;
    made.client_id = "nd-ingest";
    made.topics = kafka_sink::topics();
    made.queue_bytes *= 2;  // never the bound that is met first
    made.queue_messages = std::max(made.queue_messages / threads, 8 * schema::max_events);
    return made;
}

// A bad new file leaves the old certificate in use.
void reload_tls(const settings& s, io_threads& threads) {
    if (!s.tls()) return base::log::info("nothing to reload: this process serves plain HTTP");
    const auto fresh = load_tls(s.tls_certificate, s.tls_key);
    if (!fresh)
        return base::log::error("the certificate stays as it was",
                                {{"reason", fresh.error().detail}});
    for (auto& one : threads)
        one->use(*fresh);
    base::log::info("certificate reloaded");
}

}  // namespace

void end_of_service::because(std::string reason) {
    const std::lock_guard held(lock_);
    if (!reason_.empty()) return;
    reason_ = std::move(reason);
    base::log::error("nd-ingest has to end", {{"reason", reason_}});
}

bool end_of_service::failed() const {
    const std::lock_guard held(lock_);
    return !reason_.empty();
}

base::result<tls_context> serving_tls(const settings& s) {
    if (!s.tls()) return tls_context();
    return load_tls(s.tls_certificate, s.tls_key);
}

base::result<io_threads> make_threads(const settings& s, const shared_parts& shared,
                                      const tls_context& tls, end_of_service& end) {
    auto address = *base::parse_host_port(s.listen);
    if (auto is_free = base::result<>(address_is_free(address)); !is_free) return is_free.error();
    io_threads made;
    const auto count = s.thread_count();
    const auto producer = producer_settings(s, count);
    while (made.size() < count) {
        auto one = io_thread::make(shared, producer, address, tls, [&end](std::string_view reason) {
            end.because(fmt::format("the Kafka producer is lost: {}", reason));
        });
        if (!one) return one.error();
        address.port = (*one)->port();  // port 0: the others share what the first was given
        made.push_back(std::move(*one));
    }
    return made;
}

std::string shown_address(const settings& s, std::uint16_t port) {
    return fmt::format("{}:{}", base::parse_host_port(s.listen)->host, port);
}

void serve_until_end(const settings& s, const base::signal_watch& signals, const judges& roles,
                     io_threads& threads, end_of_service& end) {
    while (!end.failed()) {
        const auto got = signals.wait(look_every);
        if (got == base::signal_watch::what::stop) return;
        if (got == base::signal_watch::what::reload) reload_tls(s, threads);
        if (const auto refused = roles.keys.refused()) end.because(refused->detail);
        if (const auto refused = roles.desk.refused()) end.because(refused->detail);
    }
}

bool drain(const settings& s, io_threads& threads, key_keeper& keys) {
    base::log::info("stopping", {{"drain_s", s.drain_s}});
    // What is cut has a quarter of the time to come to its end.
    const auto deadline = clock_type::now() + std::chrono::milliseconds(s.drain_s * 750);
    for (auto& one : threads)
        one->drain_until(deadline);
    bool clean = true;
    for (auto& one : threads)
        clean = one->join() && clean;
    keys.stop();
    return clean;
}

scrape::scrape(base::metrics& metrics, sources from)
    : metrics_(metrics),
      from_(from),
      queued_(
          metrics.make_gauge("nd_ingest_queued_records", "Records without a delivery report yet")),
      body_bytes_(metrics.make_gauge("nd_ingest_body_bytes", "Memory that request bodies hold")),
      keys_(metrics.make_gauge("nd_ingest_keys", "Keys in memory")),
      tenants_(metrics.make_gauge("nd_ingest_limited_tenants",
                                  "Tenants with a request in the last minute or so")),
      kafka_up_(metrics.make_gauge("nd_ingest_kafka_reachable", "1 while a broker answers")),
      postgres_up_(metrics.make_gauge("nd_ingest_postgres_reachable", "1 while Postgres answers")) {
}

base::admin_reply scrape::reply() const {
    std::size_t queued = 0;
    for (const auto& one : from_.threads)
        queued += one->producer().outstanding();
    queued_.Set(static_cast<double>(queued));
    body_bytes_.Set(static_cast<double>(from_.budget.used()));
    keys_.Set(static_cast<double>(from_.keys.size()));
    tenants_.Set(static_cast<double>(from_.limits.tenants()));
    kafka_up_.Set(from_.kafka.unreachable(kafka_health::clock::now()) ? 0 : 1);
    postgres_up_.Set(from_.keeper.now().postgres_reachable ? 1 : 0);
    return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text()};
}

}  // namespace nd::ingest
