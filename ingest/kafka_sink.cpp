#include "ingest/kafka_sink.hpp"

#include "schema/record.hpp"

#include <array>

namespace nd::ingest {
namespace {

using base::errc;

base::error explain(errc code, const std::string& reason) {
    if (code == errc::busy) return base::failure(code, "the queue to Kafka is full");
    if (code == errc::refused) return base::failure(code, reason);
    return base::failure(errc::unavailable, reason);
}

}  // namespace

base::task<base::result<>> kafka_sink::publish(publication_ptr request,
                                               std::span<const schema::event_view> events) {
    if (!health_.safe())
        co_return base::failure(errc::unavailable, "the topics are not checked yet");
    if (const auto stopped = enqueue(*request, events); stopped != errc::ok) {
        health_.count(stopped, "the event could not be queued");
        co_return explain(stopped, "the event could not be queued");
    }
    co_await request->all_delivered();
    health_.count(request->outcome(), request->reason());
    if (request->outcome() == errc::ok) co_return base::result<>();
    co_return explain(request->outcome(), request->reason());
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
    for (const auto& event : events) {
        if (const auto code = producer_.send(frame, event.raw, request); code != errc::ok)
            return code;
        request.sent();  // its report cannot come before this: reports are drained on this thread
    }
    return errc::ok;
}

}  // namespace nd::ingest
