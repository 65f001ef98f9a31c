#include "ingest/kafka_sink.hpp"

#include "schema/page_record.hpp"
#include "schema/record.hpp"

#include <array>
#include <charconv>

namespace nd::ingest {
namespace {

using base::errc;

enum topic : std::size_t { events_topic, pages_topic };

constexpr std::size_t kept_record = std::size_t{256} << 10;

base::error explain(errc code, const std::string& reason) {
    if (code == errc::busy) return base::failure(code, "the queue to Kafka is full");
    if (code == errc::refused) return base::failure(code, reason);
    return base::failure(errc::unavailable, reason);
}

}  // namespace

std::vector<std::string> kafka_sink::topics() {
    std::vector<std::string> made(2);
    made[events_topic] = schema::events_topic;
    made[pages_topic] = schema::pages_topic;
    return made;
}

base::result<> kafka_sink::hand_over(publication& request,
                                     std::span<const schema::event_view> events) {
    if (!health_.safe()) return base::failure(errc::unavailable, "the topics are not checked yet");
    return handed_over(enqueue(request, events));
}

base::result<> kafka_sink::hand_over(publication& request, const schema::safe_page& page,
                                     const schema::page_fingerprint& fingerprint) {
    if (!health_.safe()) return base::failure(errc::unavailable, "the topics are not checked yet");
    record_.clear();
    schema::write_page_record(page, record_);
    const auto record = record_.view();
    const bool room = request.body.append(record, record.size());
    if (record_.capacity() > kept_record) record_ = schema::byte_writer(usual_record);
    if (!room) return base::failure(errc::busy, "the process's memory for bodies is used up");
    return handed_over(enqueue(request, to_string(fingerprint)));
}

base::result<> kafka_sink::handed_over(errc stopped) {
    if (stopped == errc::ok) return {};
    health_.count(stopped, "the record could not be queued");
    return explain(stopped, "the record could not be queued");
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
    base::message_frame frame(events_topic, key.text(), headers,
                              schema::placement_of(events.size()));
    std::array<char, 8> digits{};
    base::message_frame::header place{schema::receipt_header, {}};
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (request.counted) {
            const auto end = std::to_chars(digits.begin(), digits.end(), i).ptr;
            place.second = {digits.data(), static_cast<std::size_t>(end - digits.data())};
        }
        const bool last = i + 1 == events.size();
        const auto code =
            producer_.send(frame, events[i].raw, request, last, request.counted ? &place : nullptr);
        if (code != errc::ok) return code;
        request.sent();  // its report cannot come before this: reports are drained on this thread
    }
    return errc::ok;
}

errc kafka_sink::enqueue(publication& request, std::string_view fingerprint) {
    const auto record = request.body.view();
    if (!request.charge(queue_, record.size() + schema::uuid_length)) return errc::busy;
    const schema::record_key key(request.tenant);
    const std::array<base::message_frame::header, 3> headers{{
        {schema::environment_header, schema::to_string(request.environment)},
        {schema::request_header, request.id.view()},
        {schema::fingerprint_header, fingerprint},
    }};
    base::message_frame frame(pages_topic, key.text(), headers);
    const auto code = producer_.send(frame, record, request, true);
    if (code == errc::ok) request.sent();
    return code;
}

}  // namespace nd::ingest
