// The body of POST /v1/events -> a verdict for each event. Called by the edge once per request,
// after decompression; one scanner per thread (it reuses its buffers). Reads every byte: nothing
// that Postgres would refuse gets through, and what is accepted goes to Kafka as it came. Never
// looks at keys, limits or the clock.
//
// The way of a batch: batch.cpp -> json_tokens (where tokens start, by simdjson) -> json_cursor
// (the grammar) -> event_members (one event's members) -> event_rules (ids, times, lengths).
#pragma once

#include "schema/event.hpp"
#include "schema/problem.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace nd::schema {

// The scanner may read (never use) this many bytes after the body.
inline constexpr std::size_t batch_padding = 64;

struct batch_verdict {
    std::span<const event_view> accepted;  // in the order of the request
    std::span<const rejection> rejected;   // in the order of the request
};

class batch_scanner {
  public:
    batch_scanner();
    ~batch_scanner();
    batch_scanner(batch_scanner&&) noexcept;
    batch_scanner& operator=(batch_scanner&&) noexcept;

    // body[size..size+batch_padding) must be readable. Bytes that are not UTF-8 are overwritten in
    // the body (their events are rejected). The verdict lives until the next scan() and as long as
    // the body. Errors are about the whole request: not_json (400), wrong_shape, empty_batch (422),
    // too_many_events (413). A verdict without an accepted event is no error here; the caller
    // answers 422 no_event_accepted with the rejections.
    [[nodiscard]] boost::system::result<batch_verdict, problem> scan(char* body, std::size_t size,
                                                                     instant now);

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::schema
