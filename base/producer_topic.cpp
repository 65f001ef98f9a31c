#include "base/producer_topic.hpp"

#include <cstdint>

namespace nd::base {
namespace {

std::int32_t choose_partition(const rd_kafka_topic_t* topic, const void* key, std::size_t length,
                              std::int32_t count, void* opaque, void*) {
    auto* turns = static_cast<partition_turns*>(opaque);
    if (turns->by_key())
        return rd_kafka_msg_partitioner_murmur2_random(topic, key, length, count, nullptr, nullptr);
    return turns->place(count, [topic](std::int32_t partition) {
        return rd_kafka_topic_partition_available(topic, partition) != 0;
    });
}

}  // namespace

result<kafka_topic> open_topic(rd_kafka_t* client, const std::string& name,
                               partition_turns& turns) {
    auto* conf = rd_kafka_default_topic_conf_dup(client);  // freed by rd_kafka_topic_new
    rd_kafka_topic_conf_set_partitioner_cb(conf, choose_partition);
    rd_kafka_topic_conf_set_opaque(conf, &turns);
    kafka_topic opened(rd_kafka_topic_new(client, name.c_str(), conf));
    if (!opened) return failure(errc::invalid, rd_kafka_err2str(rd_kafka_last_error()));
    return opened;
}

}  // namespace nd::base
