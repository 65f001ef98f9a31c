#include "ingest/kafka_health.hpp"

#include "base/log.hpp"

namespace nd::ingest {
namespace {

base::counter& failures(base::metrics& metrics, const char* kind) {
    return metrics.make_counter("nd_ingest_kafka_failures_total",
                                "Requests that were not stored, by what Kafka's client said",
                                {{"kind", kind}});
}

}  // namespace

kafka_health::kafka_health(base::metrics& metrics)
    : last_answer_(clock::now().time_since_epoch().count()),
      busy_(failures(metrics, "queue_full")),
      unavailable_(failures(metrics, "unavailable")),
      refused_(failures(metrics, "refused")),
      alarm_(
          metrics.make_gauge("nd_ingest_publish_refused",
                             "1 while Kafka refuses our records for good: an operator must act")) {}

void kafka_health::answered(clock::time_point when) {
    last_answer_.store(when.time_since_epoch().count(), std::memory_order_relaxed);
}

bool kafka_health::unreachable(clock::time_point now) const {
    const clock::time_point last(clock::duration(last_answer_.load(std::memory_order_relaxed)));
    return now - last > unreachable_after;
}

bool kafka_health::refusing(clock::time_point now) const {
    const clock::time_point last(clock::duration(refused_at_.load(std::memory_order_relaxed)));
    return alarmed_.load(std::memory_order_relaxed) && now - last < refusal_lasts;
}

void kafka_health::count(base::errc outcome, std::string_view reason) {
    if (outcome == base::errc::ok) {
        // Read first: the usual request must not write to a line that all threads share.
        if (alarmed_.load(std::memory_order_relaxed)) {
            alarmed_.store(false, std::memory_order_relaxed);
            alarm_.Set(0);
            base::log::info("Kafka takes our records again");
        }
        return;
    }
    if (outcome == base::errc::busy) return busy_.Increment();
    if (outcome != base::errc::refused) return unavailable_.Increment();
    refused_.Increment();
    refused_at_.store(clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    if (alarmed_.exchange(true, std::memory_order_relaxed)) return;
    alarm_.Set(1);
    base::log::error("Kafka refuses our records for good: an operator must act",
                     {{"reason", reason}});
}

}  // namespace nd::ingest
