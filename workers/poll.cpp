#include "workers/poll.hpp"

namespace nd::workers {

base::result<polled> poll(base::kafka_consumer& from, std::chrono::milliseconds wait, batch& into,
                          positions& at, schema::event_scanner& scanner) {
    const auto message = from.poll(wait);
    if (!message) return message.error();
    switch (message->what()) {
        case base::kafka_received::kind::nothing: return polled{};
        case base::kafka_received::kind::out_of_range: return polled{true, message->partition()};
        case base::kafka_received::kind::record: break;
    }
    into.take(schema::raw_of(*message), at, scanner);
    return polled{true, {}};
}

}  // namespace nd::workers
