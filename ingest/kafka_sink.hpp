// The record_sink of the program: each event, as it came, becomes a record of nd.events.v1 with its
// tenant as the key, each page, rebuilt, one of nd.pages.v1. Owned by an io thread beside its
// producer. The queue is bounded in bytes for the whole process, by a budget that a request gets
// its place in as a whole: errc::busy when there is none. A producer's own bound on messages can
// still cut a request in two; what was queued of it may be stored.
#pragma once

#include "base/kafka_producer.hpp"
#include "ingest/kafka_health.hpp"
#include "ingest/record_sink.hpp"
#include "schema/byte_writer.hpp"

#include <string>
#include <vector>

namespace nd::ingest {

class kafka_sink final : public record_sink {
  public:
    kafka_sink(base::kafka_producer& producer, kafka_health& health, byte_budget& queue)
        : producer_(producer), health_(health), queue_(queue) {}

    [[nodiscard]] base::result<> hand_over(publication& request,
                                           std::span<const schema::event_view> events) override;
    [[nodiscard]] base::result<> hand_over(publication& request, const schema::safe_page& page,
                                           const schema::page_fingerprint& fingerprint) override;
    [[nodiscard]] base::result<> outcome_of(const publication& request) override;

    // What the producer is to be opened with.
    [[nodiscard]] static std::vector<std::string> topics();

  private:
    static constexpr std::size_t usual_record = std::size_t{16} << 10;

    [[nodiscard]] base::errc enqueue(publication& request,
                                     std::span<const schema::event_view> events);
    [[nodiscard]] base::errc enqueue(publication& request, std::string_view fingerprint);
    [[nodiscard]] base::result<> handed_over(base::errc stopped);

    base::kafka_producer& producer_;
    kafka_health& health_;
    byte_budget& queue_;
    schema::byte_writer record_{usual_record};  // of the page that is being handed over
};

}  // namespace nd::ingest
