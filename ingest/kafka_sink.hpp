// The record_sink of the program: each event, as it came, becomes a record of nd.events.v1 under
// its tenant's key. Owned by an io thread beside its producer. The queue is bounded in bytes for
// the whole process, by a budget that a request gets its place in as a whole: errc::busy when there
// is none. A producer's own bound on messages can still cut a request in two; what was queued of it
// may be stored.
#pragma once

#include "base/kafka_producer.hpp"
#include "ingest/kafka_health.hpp"
#include "ingest/record_sink.hpp"

namespace nd::ingest {

class kafka_sink final : public record_sink {
  public:
    kafka_sink(base::kafka_producer& producer, kafka_health& health, byte_budget& queue)
        : producer_(producer), health_(health), queue_(queue) {}

    [[nodiscard]] base::result<> hand_over(publication& request,
                                           std::span<const schema::event_view> events) override;
    [[nodiscard]] base::result<> outcome_of(const publication& request) override;

  private:
    [[nodiscard]] base::errc enqueue(publication& request,
                                     std::span<const schema::event_view> events);

    base::kafka_producer& producer_;
    kafka_health& health_;
    byte_budget& queue_;
};

}  // namespace nd::ingest
