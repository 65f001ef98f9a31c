// /healthz and /readyz. Ready means: send traffic here. Not ready only while starting with cold
// caches, draining, or when Kafka is unreachable for over 10 s or refuses our records; Postgres
// away is told in the body and changes nothing. Any thread.
#pragma once

#include "base/admin_http.hpp"
#include "ingest/kafka_health.hpp"
#include "ingest/key_keeper.hpp"

#include <atomic>
#include <string_view>

namespace nd::ingest {

class readiness {
  public:
    readiness(const kafka_health& kafka, const key_keeper& keys) : kafka_(kafka), keys_(keys) {}

    void serving() { serving_.store(true); }
    void draining() { draining_.store(true); }

    [[nodiscard]] base::admin_reply readyz() const;
    [[nodiscard]] static base::admin_reply healthz();

  private:
    const kafka_health& kafka_;
    const key_keeper& keys_;
    std::atomic<bool> serving_{false};
    std::atomic<bool> draining_{false};
};

// Pure: the first reason not to be ready, or "" when there is none.
struct ready_facts {
    bool draining = false;
    bool serving = false;
    bool keys_loaded = false;
    bool kafka_safe = false;
    bool kafka_unreachable = false;
    bool kafka_refusing = false;
};
[[nodiscard]] std::string_view why_not_ready(const ready_facts& facts);

}  // namespace nd::ingest
