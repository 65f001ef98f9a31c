// main's own steps, so that main reads as a list: making the threads, waiting for signals,
// reloading certificates, draining, and filling in the gauges when somebody looks.
#pragma once

#include "base/admin_http.hpp"
#include "base/stop.hpp"
#include "ingest/io_thread.hpp"
#include "ingest/key_keeper.hpp"
#include "ingest/limiter.hpp"
#include "ingest/settings.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nd::ingest {

using io_threads = std::vector<std::unique_ptr<io_thread>>;

// A fault that only a restart heals, told from any thread; the first one stands.
class end_of_service {
  public:
    void because(std::string reason);
    [[nodiscard]] bool failed() const;

  private:
    mutable std::mutex lock_;
    std::string reason_;
};

// Null without TLS files.
[[nodiscard]] base::result<tls_context> serving_tls(const settings& s);
[[nodiscard]] base::result<io_threads> make_threads(const settings& s, const shared_parts& shared,
                                                    const tls_context& tls, end_of_service& end);
[[nodiscard]] std::string shown_address(const settings& s, std::uint16_t port);

// What can find out that a role is unsafe.
struct judges {
    const key_keeper& keys;
    const reader_desk& desk;
};
// Until SIGTERM or SIGINT, or until the end has a reason. SIGHUP reads the certificate again.
void serve_until_end(const settings& s, const base::signal_watch& signals, const judges& roles,
                     io_threads& threads, end_of_service& end);
// Every request in flight is answered, every record delivered, the last uses of keys written.
// False: not within --drain.
[[nodiscard]] bool drain(const settings& s, io_threads& threads, key_keeper& keys);

// /metrics: the counters as they stand, and the gauges read at this moment.
class scrape {
  public:
    struct sources {
        const io_threads& threads;
        const key_table& keys;
        const limiter& limits;
        const byte_budget& budget;
        const kafka_health& kafka;
        const key_keeper& keeper;
    };
    scrape(base::metrics& metrics, sources from);
    [[nodiscard]] base::admin_reply reply() const;

  private:
    base::metrics& metrics_;
    sources from_;
    base::gauge& queued_;
    base::gauge& body_bytes_;
    base::gauge& keys_;
    base::gauge& tenants_;
    base::gauge& kafka_up_;
    base::gauge& postgres_up_;
};

}  // namespace nd::ingest
