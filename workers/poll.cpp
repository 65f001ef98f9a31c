#include "workers/poll.hpp"

#include "schema/record.hpp"

namespace nd::workers {
namespace {

raw_record view_of(const base::kafka_received& message) {
    raw_record raw{message.partition(),
                   message.offset(),
                   message.timestamp_ms(),
                   message.key(),
                   message.value(),
                   {},
                   {},
                   {},
                   {}};
    message.each_header([&raw](std::string_view name, std::string_view value) {
        if (name == schema::environment_header) raw.environment = value;
        if (name == schema::request_header) raw.request = value;
        if (name == schema::attempt_header) raw.attempt = value;
        if (name == schema::receipt_header) raw.receipt = value;
    });
    return raw;
}

}  // namespace

base::result<polled> poll(base::kafka_consumer& from, std::chrono::milliseconds wait, batch& into,
                          positions& at, schema::event_scanner& scanner) {
    const auto message = from.poll(wait);
    if (!message) return message.error();
    switch (message->what()) {
        case base::kafka_received::kind::nothing: return polled{};
        case base::kafka_received::kind::out_of_range: return polled{true, message->partition()};
        case base::kafka_received::kind::record: break;
    }
    into.take(view_of(*message), at, scanner);
    return polled{true, {}};
}

}  // namespace nd::workers
