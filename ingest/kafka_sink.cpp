#include "ingest/kafka_sink.hpp"

#include "schema/record.hpp"

#include <array>
#include <charconv>

namespace nd::ingest {
namespace {

using base::errc;

base::error explain(errc code, const std::string& reason) {
    if (code == errc::busy) return base::failure(code, "the queue to Kafka is full");
    if (code == errc::refused) return base::failure(code, reason);
    return base::failure(errc::unavailable, reason);
}

}  // namespace

base::result<> kafka_sink::hand_over(publication& request,
                                     std::span<const schema::event_view> events) {
    if (!health_.safe()) return base::failure(errc::unavailable, "the topics are not checked yet");
    const auto stopped = enqueue(request, events);
    if (stopped == errc::ok) return {};
    health_.count(stopped, "the event could not be queued");
    return explain(stopped, "the event could not be queued");
}

base::result<> kafka_sink::outcome_of(const publication& request) {
    health_.count(request.outcome(), request.reason());
    if (request.outcome() == errc::ok) return {};
    return explain(request.outcome(), request.reason());
}

errc kafka_sink::enqueue(publication& request, std::span<const schema::event_view> events) {
    std::size_t bytes = 0;
    for (const auto& event : events)
        bytes += event.raw.size() + schema::uuid_length;
    if (!request.charge(queue_, bytes)) return errc::busy;
    const schema::record_key key(request.tenant);
    const std::array<base::message_frame::header, 2> headers{{
        {schema::environment_header, schema::to_string(request.environment)},
        {schema::request_header, request.id.view()},
    }};
    const base::message_frame frame(key.text(), headers);
    std::array<char, 8> digits{};
    base::message_frame::header place{schema::receipt_header, {}};
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (request.counted) {
            const auto end = std::to_chars(digits.begin(), digits.end(), i).ptr;
            place.second = {digits.data(), static_cast<std::size_t>(end - digits.data())};
        }
        const auto code =
            producer_.send(frame, events[i].raw, request, request.counted ? &place : nullptr);
        if (code != errc::ok) return code;
        request.sent();  // its report cannot come before this: reports are drained on this thread
    }
    return errc::ok;
}

}  // namespace nd::ingest
