// Where accepted events and pages go: Kafka in the program, something else in tests and fuzzing.
// One per io thread.
#pragma once

#include "base/result.hpp"
#include "ingest/publication.hpp"
#include "schema/event.hpp"
#include "schema/page.hpp"
#include "schema/page_fingerprint.hpp"

#include <span>

namespace nd::ingest {

class record_sink {
  public:
    virtual ~record_sink() = default;

    // Hands every event over; `events` are views into request.body. Then wait for
    // request.all_delivered() and ask outcome_of(). An error means that not all were taken and
    // nothing is to be waited for: busy (the queue is full), unavailable, refused.
    [[nodiscard]] virtual base::result<> hand_over(publication& request,
                                                   std::span<const schema::event_view> events) = 0;
    // The same for one page: its record is written into request.body, which is empty. There is no
    // other way into nd.pages.v1, and none but the redactor makes a safe_page.
    [[nodiscard]] virtual base::result<> hand_over(publication& request,
                                                   const schema::safe_page& page,
                                                   const schema::page_fingerprint& fingerprint) = 0;
    // Once all are delivered. Errors, all of which mean "not all of them are stored, sending again
    // is safe": unavailable (not delivered in time, or the producer is lost), refused (for good; an
    // operator must act).
    [[nodiscard]] virtual base::result<> outcome_of(const publication& request) = 0;
};

}  // namespace nd::ingest
