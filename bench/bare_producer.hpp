// librdkafka's producer as the bench needs it, with nd-ingest's promises: idempotent, acknowledged
// by all replicas, the same linger. Delivery reports come on `reports`. Used by the limit's
// producer and by awaited_producer.
#pragma once

#include "base/producer_topic.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace nd::bench {

struct bare_producer {
    base::partition_turns turns{base::producer_linger};
    base::kafka_handle client;  // goes after the others, which are its own
    base::kafka_topic topic;
    base::kafka_queue reports;

    // `more`: librdkafka's own names and values. Throws std::runtime_error when one is refused.
    bare_producer(const std::string& kafka, const std::string& client_id,
                  const std::string& topic_name,
                  std::initializer_list<std::pair<const char*, std::string>> more);

    // A record with the key and the headers of nd-ingest's; null: its report will come. The value
    // is not copied, as in nd-ingest, unless `copy`.
    [[nodiscard]] base::kafka_error produce(std::string_view key, std::string_view value,
                                            void* opaque, bool copy) const;
};

}  // namespace nd::bench
