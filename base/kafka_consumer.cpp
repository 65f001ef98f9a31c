#include "base/kafka_consumer.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

namespace nd::base {
namespace {

// Range on librdkafka below 2.4: 2.0.2's cooperative-sticky aborts the process on an early stop.
// Range is kept for the newer ones too: members of both versions must agree on one strategy.
result<kafka_conf> consumer_conf(const kafka_consumer_settings& settings) {
    auto conf = common_kafka_conf(settings.kafka, settings.client_id);
    if (!conf) return conf;
    auto done = conf->set_all({
        {"group.id", settings.group},
        {"partition.assignment.strategy", "range"},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "error"},
        // How long a killed member's partitions stay unread. Heartbeats have a thread of their own,
        // so that no slow statement of ours makes them late; librdkafka's own default is 45 s.
        {"session.timeout.ms", "10000"},
        {"queued.max.messages.kbytes", "32768"},
        {"fetch.error.backoff.ms", "100"},
    });
    // New in 2.2, where a full local queue stops the next fetch for a second: a stall under load.
    if (done && rd_kafka_version() >= 0x02020000) done = conf->set("fetch.queue.backoff.ms", "10");
    if (!done) return done.error();
    return conf;
}

error kafka_failure(rd_kafka_resp_err_t code, std::string_view doing) {
    return failure(to_errc(code), fmt::format("{}: {}", doing, rd_kafka_err2str(code)));
}

int ms(std::chrono::milliseconds longest) {
    return static_cast<int>(longest.count());
}

}  // namespace

kafka_received::kafka_received(kafka_message message) : message_(std::move(message)) {
    if (!message_) return;
    kind_ = message_->err == RD_KAFKA_RESP_ERR_NO_ERROR ? kind::record : kind::out_of_range;
}

std::optional<std::string_view> kafka_received::key() const {
    if (message_->key == nullptr) return std::nullopt;
    return std::string_view(static_cast<const char*>(message_->key), message_->key_len);
}

std::optional<std::string_view> kafka_received::value() const {
    if (message_->payload == nullptr) return std::nullopt;
    return std::string_view(static_cast<const char*>(message_->payload), message_->len);
}

std::int64_t kafka_received::timestamp_ms() const {
    return rd_kafka_message_timestamp(message_.get(), nullptr);
}

result<std::unique_ptr<kafka_consumer>> kafka_consumer::open(
    const kafka_consumer_settings& settings, kafka_group_events events) {
    auto conf = consumer_conf(settings);
    if (!conf) return conf.error();
    std::unique_ptr<kafka_consumer> made(new kafka_consumer(settings.topic, std::move(events)));
    rd_kafka_conf_set_opaque(conf->get(), made.get());
    rd_kafka_conf_set_rebalance_cb(conf->get(), on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf->get(), on_commit);
    auto client = conf->make(RD_KAFKA_CONSUMER);
    if (!client) return client.error();
    made->client_ = std::move(*client);
    rd_kafka_poll_set_consumer(made->client_.get());
    kafka_partitions topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), settings.topic.c_str(), RD_KAFKA_PARTITION_UA);
    const auto code = rd_kafka_subscribe(made->client_.get(), topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(code, "subscribing");
    return made;
}

kafka_consumer::~kafka_consumer() {
    close();
}

void kafka_consumer::close() {
    if (closed_ || !client_) return;
    closed_ = true;
    const auto code = rd_kafka_consumer_close(client_.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        log::warning("left the consumer group late", {{"reason", rd_kafka_err2str(code)}});
    }
}

// Answers the group at once with an empty assignment, so that a slow Postgres never holds up a
// rebalance of the whole group; what is ours is then read through fetch_from().
void kafka_consumer::on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                                  rd_kafka_topic_partition_list_t* partitions, void* self) {
    auto& mine = *static_cast<kafka_consumer*>(self);
    if (what != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        rd_kafka_assign(client, nullptr);
        mine.events_.revoked();
        return;
    }
    const kafka_partitions none(rd_kafka_topic_partition_list_new(0));
    rd_kafka_assign(client, none.get());
    std::vector<std::int32_t> ours;
    ours.reserve(static_cast<std::size_t>(partitions->cnt));
    for (int i = 0; i < partitions->cnt; ++i)
        ours.push_back(partitions->elems[i].partition);
    mine.events_.assigned(ours);
}

void kafka_consumer::on_commit(rd_kafka_t*, rd_kafka_resp_err_t outcome,
                               rd_kafka_topic_partition_list_t*, void*) {
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR || outcome == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
    log::warning("offsets were not committed; progress in Postgres rules",
                 {{"reason", rd_kafka_err2str(outcome)}});
}

result<kafka_received> kafka_consumer::poll(milliseconds longest) {
    kafka_message message(rd_kafka_consumer_poll(client_.get(), ms(longest)));
    if (!message || message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka_received(std::move(message));
    }
    const auto code = message->err;
    if (code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) return kafka_received(std::move(message));
    // The group took the partitions because poll() was late; `revoked` is called next, then the
    // client joins again by itself.
    if (code == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) return kafka_received();
    return failure(to_errc(code),
                   fmt::format("consuming {}: {}", topic_, rd_kafka_message_errstr(message.get())));
}

kafka_partitions kafka_consumer::list_of(std::span<const kafka_position> positions) const {
    kafka_partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
    for (const auto& at : positions) {
        rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), at.partition)->offset =
            at.offset;
    }
    return list;
}

result<> kafka_consumer::fetch_from(std::span<const kafka_position> positions) {
    const auto list = list_of(positions);
    const auto code = rd_kafka_assign(client_.get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(code, "choosing what to fetch");
    return {};
}

result<std::vector<std::optional<std::int64_t>>> kafka_consumer::committed(
    std::span<const std::int32_t> partitions, milliseconds longest) {
    std::vector<kafka_position> asked;
    for (const auto p : partitions)
        asked.push_back({p, RD_KAFKA_OFFSET_INVALID});
    const auto list = list_of(asked);
    const auto code = rd_kafka_committed(client_.get(), list.get(), ms(longest));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_failure(code, "reading the group's offsets");
    std::vector<std::optional<std::int64_t>> found;
    for (const auto p : partitions) {
        const auto* one = rd_kafka_topic_partition_list_find(list.get(), topic_.c_str(), p);
        if (one->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return kafka_failure(one->err, "reading the group's offsets");
        found.push_back(one->offset < 0 ? std::nullopt : std::optional(one->offset));
    }
    return found;
}

result<kafka_log_bounds> kafka_consumer::log_bounds(std::int32_t partition, milliseconds longest) {
    kafka_log_bounds bounds;
    const auto code = rd_kafka_query_watermark_offsets(client_.get(), topic_.c_str(), partition,
                                                       &bounds.start, &bounds.end, ms(longest));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(code, "reading the log's bounds");
    return bounds;
}

std::optional<std::int64_t> kafka_consumer::known_end(std::int32_t partition) const {
    std::int64_t start = 0;
    std::int64_t end = 0;
    const auto code =
        rd_kafka_get_watermark_offsets(client_.get(), topic_.c_str(), partition, &start, &end);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR || end < 0) return std::nullopt;
    return end;
}

result<> kafka_consumer::commit(std::span<const kafka_position> positions, bool wait) {
    if (positions.empty()) return {};
    const auto list = list_of(positions);
    const auto code = rd_kafka_commit(client_.get(), list.get(), wait ? 0 : 1);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(code, "committing offsets");
    return {};
}

result<> kafka_consumer::commit_soon(std::span<const kafka_position> positions) {
    return commit(positions, false);
}

result<> kafka_consumer::commit_now(std::span<const kafka_position> positions) {
    return commit(positions, true);
}

}  // namespace nd::base
