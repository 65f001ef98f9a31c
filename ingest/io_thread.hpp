// One thread of the edge with everything that belongs to it alone: io_context, listener, producer,
// sessions. main makes N of them over the parts that are shared. Its public members are for main's
// thread.
#pragma once

#include "base/kafka_producer.hpp"
#include "ingest/edge.hpp"
#include "ingest/kafka_health.hpp"
#include "ingest/listener.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nd::ingest {

// What all threads share; main owns it and it outlives them.
struct shared_parts {
    key_table& keys;
    key_inbox& inbox;
    std::string_view pepper;
    limit_store& limits;
    byte_budget& budget;  // of bodies
    byte_budget& queue;   // of records on their way to Kafka
    ingest_metrics& metrics;
    reader_desk& desk;
    published_pages& published;
    page_cache& shown;
    const std::vector<std::string>& receipt_secrets;
    kafka_health& kafka;
    time_limits times;
};

class io_thread {
  public:
    // Opens producer and listener, so that what is wrong with either is known before anything is
    // served.
    [[nodiscard]] static base::result<std::unique_ptr<io_thread>> make(
        const shared_parts& shared, const base::kafka_producer_settings& producer,
        const base::host_port& address, tls_context tls,
        base::kafka_producer::fatal_handler on_fatal);
    ~io_thread();

    void start();
    void use(tls_context tls);
    // Stops accepting, lets requests finish until the deadline, then cuts them; ends the thread
    // when nothing is left.
    void drain_until(std::chrono::steady_clock::time_point deadline);
    // False when something was left after all: then it must not be destroyed, the process has to
    // end.
    [[nodiscard]] bool join();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] base::kafka_producer& producer() const;

  private:
    struct inside;
    explicit io_thread(std::unique_ptr<inside> made);
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::ingest
