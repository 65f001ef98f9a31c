#include "base/kafka_sync_producer.hpp"

#include <fmt/format.h>

#include <array>

namespace nd::base {
namespace {

constexpr int delivery_timeout_ms = 10'000;

// The first failure of one publish(); every record's opaque points to it.
struct outcome {
    rd_kafka_resp_err_t failed = RD_KAFKA_RESP_ERR_NO_ERROR;
};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    auto* of = static_cast<outcome*>(message->_private);
    if (of->failed == RD_KAFKA_RESP_ERR_NO_ERROR) of->failed = message->err;
}

kafka_headers headers_of(const outgoing_record& record) {
    kafka_headers made(rd_kafka_headers_new(record.headers.size()));
    for (const auto& [name, value] : record.headers) {
        rd_kafka_header_add(made.get(), name.data(), static_cast<ssize_t>(name.size()),
                            value.data(), static_cast<ssize_t>(value.size()));
    }
    return made;
}

rd_kafka_vu_t memory(rd_kafka_vtype_t what, const std::optional<std::string>& bytes) {
    rd_kafka_vu_t item{};
    item.vtype = what;
    // Copied by librdkafka; a null pointer is Kafka's "no key", "no value".
    item.u.mem.ptr = bytes ? const_cast<char*>(bytes->data()) : nullptr;
    item.u.mem.size = bytes ? bytes->size() : 0;
    return item;
}

rd_kafka_resp_err_t produce(rd_kafka_t* client, const outgoing_record& record, outcome& into) {
    auto headers = headers_of(record);
    std::array<rd_kafka_vu_t, 6> items{};
    items[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    items[0].u.cstr = record.topic.c_str();
    items[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    items[1].u.i = RD_KAFKA_MSG_F_COPY;
    items[2] = memory(RD_KAFKA_VTYPE_KEY, record.key);
    items[3] = memory(RD_KAFKA_VTYPE_VALUE, record.value);
    items[4].vtype = RD_KAFKA_VTYPE_HEADERS;
    items[4].u.headers = headers.get();
    items[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
    items[5].u.ptr = &into;
    const kafka_error refused(rd_kafka_produceva(client, items.data(), items.size()));
    if (refused) return rd_kafka_error_code(refused.get());
    static_cast<void>(headers.release());  // the message owns them now
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace

result<kafka_sync_producer> kafka_sync_producer::open(const kafka_settings& settings,
                                                      const std::string& client_id) {
    auto conf = common_kafka_conf(settings, client_id);
    if (!conf) return conf.error();
    const auto done = conf->set_all({
        {"acks", "all"},
        {"partitioner", "murmur2_random"},
        {"message.timeout.ms", std::to_string(delivery_timeout_ms)},
        {"message.max.bytes", "2097152"},
        {"queue.buffering.max.kbytes", "32768"},
        {"linger.ms", "5"},
    });
    if (!done) return done.error();
    rd_kafka_conf_set_dr_msg_cb(conf->get(), on_delivery);
    auto client = conf->make(RD_KAFKA_PRODUCER);
    if (!client) return client.error();
    return kafka_sync_producer(std::move(*client));
}

result<> kafka_sync_producer::publish(std::span<const outgoing_record> records) {
    outcome sum;
    for (const auto& record : records) {
        auto code = produce(client_.get(), record, sum);
        if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            rd_kafka_flush(client_.get(), 2 * delivery_timeout_ms);
            code = produce(client_.get(), record, sum);
        }
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            sum.failed = code;
            break;
        }
    }
    // `sum` is on this stack: nothing may be left that could still report into it.
    while (rd_kafka_flush(client_.get(), 2 * delivery_timeout_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    }
    if (sum.failed == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    const auto code = to_errc(sum.failed) == errc::busy ? errc::unavailable : to_errc(sum.failed);
    return failure(code, fmt::format("publishing {} records to {}: {}", records.size(),
                                     records.front().topic, rd_kafka_err2str(sum.failed)));
}

}  // namespace nd::base
