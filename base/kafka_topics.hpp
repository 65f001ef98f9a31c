// What a broker says of our topics, and whether that is safe enough to acknowledge events. Every
// program asks at start; ndctl shows and checks more of the same facts. Blocking: never on an io
// thread.
#pragma once

#include "base/kafka_conf.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace nd::base {

struct topic_facts {
    std::string name;
    bool exists = false;
    int partitions = 0;
    int replication = 0;                        // the least of its partitions
    std::map<std::string, std::string> config;  // Kafka's own names and values, defaults included
};

// In the order of `names`. errc::unavailable when no broker answers within `longest`; refused when
// it forbids the question.
[[nodiscard]] result<std::vector<topic_facts>> describe_topics(rd_kafka_t* client,
                                                               std::span<const std::string> names,
                                                               std::chrono::milliseconds longest);
// The same without `config`: which of them exist and how they are replicated.
[[nodiscard]] result<std::vector<topic_facts>> list_topics(rd_kafka_t* client,
                                                           std::span<const std::string> names,
                                                           std::chrono::milliseconds longest);

// The offset behind a partition's last record. Partitions that were made a moment ago have no
// leader yet, many of them for a while: that is waited for, `longest` at most. Errors are Kafka's.
[[nodiscard]] result<std::int64_t> end_offset(rd_kafka_t* client, const std::string& topic,
                                              std::int32_t partition,
                                              std::chrono::milliseconds longest);

// Why a program must not start, a sentence each that says what to do; empty when all is well. With
// `single_broker` only a missing topic counts: one disk then holds everything that was
// acknowledged.
[[nodiscard]] std::vector<std::string> unsafe_topics(std::span<const topic_facts> topics,
                                                     bool single_broker);

}  // namespace nd::base
