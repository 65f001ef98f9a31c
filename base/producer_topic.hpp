// A topic that a producer writes to, and in which of its partitions a record goes. Used by
// kafka_producer, and by the bench's bare producers, which put theirs where nd-ingest does.
#pragma once

#include "base/kafka_conf.hpp"
#include "base/partition_turns.hpp"
#include "base/result.hpp"

#include <chrono>
#include <string>

namespace nd::base {

// How long a producer gathers records before it sends them, and how long a partition has its turn:
// a shorter turn would send smaller batches, a longer one would gather no more.
inline constexpr std::chrono::milliseconds producer_linger{5};

// by_key: the one that the key names, so a key's records keep their order. in_turn: all requests of
// a few milliseconds share one, those after them have the next (base/partition_turns.hpp).
enum class placement { by_key, in_turn };

struct producer_topic {
    std::string name;
    placement records = placement::by_key;
};

// `turns` must outlive the client. errc::invalid with librdkafka's reason.
[[nodiscard]] result<kafka_topic> open_topic(rd_kafka_t* client, const producer_topic& topic,
                                             partition_turns& turns);

}  // namespace nd::base
