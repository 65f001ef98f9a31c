// The record_sink of the program: each event, as it came, becomes a record of nd.events.v1 under
// its tenant's key. Owned by an io thread beside its producer. A full queue is errc::busy at once:
// what was queued before it may still be stored.
#pragma once

#include "base/kafka_producer.hpp"
#include "ingest/kafka_health.hpp"
#include "ingest/record_sink.hpp"

namespace nd::ingest {

class kafka_sink final : public record_sink {
  public:
    kafka_sink(base::kafka_producer& producer, kafka_health& health)
        : producer_(producer), health_(health) {}

    [[nodiscard]] base::task<base::result<>> publish(
        publication_ptr request, std::span<const schema::event_view> events) override;

  private:
    [[nodiscard]] base::errc enqueue(publication& request,
                                     std::span<const schema::event_view> events);

    base::kafka_producer& producer_;
    kafka_health& health_;
};

}  // namespace nd::ingest
