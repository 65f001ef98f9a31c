#include "tests/ingest/topic_reader.hpp"

#include "base/kafka_topics.hpp"

#include <stdexcept>

namespace nd::tests {
namespace {

constexpr int patience_ms = 10'000;

void need(rd_kafka_resp_err_t code, const char* what) {
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        throw std::runtime_error(std::string(what) + ": " + rd_kafka_err2str(code));
}

int partitions_of(rd_kafka_t* client, const std::string& topic) {
    const base::kafka_topic handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
    const struct rd_kafka_metadata* found = nullptr;
    need(rd_kafka_metadata(client, 0, handle.get(), &found, patience_ms), "metadata");
    const int count = found->topic_cnt == 1 ? found->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(found);
    if (count == 0) throw std::runtime_error("no topic " + topic);
    return count;
}

read_back copy_of(const rd_kafka_message_t& message) {
    const auto bytes = [](const void* data, std::size_t size) {
        return std::string(static_cast<const char*>(data), data == nullptr ? 0 : size);
    };
    read_back made{bytes(message.key, message.key_len),
                   bytes(message.payload, message.len),
                   {},
                   message.partition};
    rd_kafka_headers_t* headers = nullptr;  // stays the message's own
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return made;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i)
        made.headers.emplace_back(name, bytes(value, size));
    return made;
}

}  // namespace

topic_reader::topic_reader(const std::string& bootstrap, const std::string& topic) {
    auto conf = base::common_kafka_conf({bootstrap, "", true}, "nd-test-reader").value();
    static_cast<void>(conf.set("group.id", "nd-test-reader").value());
    client_ = std::move(conf.make(RD_KAFKA_CONSUMER).value());
    const base::kafka_partitions from(rd_kafka_topic_partition_list_new(1));
    for (int i = 0; i < partitions_of(client_.get(), topic); ++i) {
        rd_kafka_topic_partition_list_add(from.get(), topic.c_str(), i)->offset =
            base::end_offset(client_.get(), topic, i, std::chrono::milliseconds(patience_ms))
                .value();
    }
    need(rd_kafka_assign(client_.get(), from.get()), "assign");
}

std::vector<read_back> topic_reader::of_key(const std::string& key, std::size_t count,
                                            std::chrono::milliseconds longest) {
    std::vector<read_back> found;
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (found.size() < count && std::chrono::steady_clock::now() < deadline) {
        const base::kafka_message got(rd_kafka_consumer_poll(client_.get(), 100));
        if (!got || got->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        auto one = copy_of(*got);
        if (one.key == key) found.push_back(std::move(one));
    }
    return found;
}

}  // namespace nd::tests
