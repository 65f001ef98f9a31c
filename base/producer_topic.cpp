#include "base/producer_topic.hpp"

#include <cstdint>

namespace nd::base {
namespace {

std::int32_t partition_in_turn(const rd_kafka_topic_t* topic, const void*, std::size_t,
                               std::int32_t count, void* turns, void*) {
    return static_cast<partition_turns*>(turns)->place(count, [topic](std::int32_t partition) {
        return rd_kafka_topic_partition_available(topic, partition) != 0;
    });
}

}  // namespace

result<kafka_topic> open_topic(rd_kafka_t* client, const producer_topic& topic,
                               partition_turns& turns) {
    rd_kafka_topic_conf_t* conf =
        nullptr;  // the client's own; librdkafka frees one that it is given
    if (topic.records == placement::in_turn) {
        conf = rd_kafka_default_topic_conf_dup(client);
        rd_kafka_topic_conf_set_partitioner_cb(conf, partition_in_turn);
        rd_kafka_topic_conf_set_opaque(conf, &turns);
    }
    kafka_topic opened(rd_kafka_topic_new(client, topic.name.c_str(), conf));
    if (!opened) return failure(errc::invalid, rd_kafka_err2str(rd_kafka_last_error()));
    return opened;
}

}  // namespace nd::base
