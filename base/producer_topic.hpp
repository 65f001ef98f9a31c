// A topic that a producer writes to, and in which of its partitions a request's records go. Used by
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

// What `turns` is told with begin() holds for the records that are produced after it. It must
// outlive the client. errc::invalid with librdkafka's reason.
[[nodiscard]] result<kafka_topic> open_topic(rd_kafka_t* client, const std::string& name,
                                             partition_turns& turns);

}  // namespace nd::base
