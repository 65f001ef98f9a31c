// Where accepted events go: Kafka in the program, something else in tests and fuzzing. One per io
// thread.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "ingest/publication.hpp"
#include "schema/event.hpp"

#include <span>

namespace nd::ingest {

class record_sink {
  public:
    virtual ~record_sink() = default;

    // Done once every event is durable. `events` are views into request->body and are used before
    // the first suspension only. Errors, all of which mean "not all of them are stored, sending
    // again is safe": busy (the queue is full), unavailable (not delivered in time, or the producer
    // is lost), refused (for good; an operator must act).
    [[nodiscard]] virtual base::task<base::result<>> publish(
        publication_ptr request, std::span<const schema::event_view> events) = 0;
};

}  // namespace nd::ingest
