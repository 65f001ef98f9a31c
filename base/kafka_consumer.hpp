// One member of a Kafka consumer group over one topic, for one thread. Called by the workers'
// loops. It never chooses where to read from, never commits and never stores offsets by itself: the
// group only says which partitions are ours, and fetch_from() says which of them are read and from
// where.
//
// After a rebalance nothing is fetched until fetch_from() is called. Pausing is fetch_from({}): the
// member stays in the group as long as poll() is called. librdkafka's own pause, resume and seek
// are not used: up to 2.0 they may deliver what was fetched before.
//
// Errors: unavailable (try again), refused (an operator must act), internal (fatal: end the
// process).
#pragma once

#include "base/kafka_conf.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nd::base {

struct kafka_position {
    std::int32_t partition = 0;
    std::int64_t offset = 0;  // the next record to read
    bool operator==(const kafka_position&) const = default;
};

struct kafka_log_bounds {
    std::int64_t start = 0;  // the first record that still exists
    std::int64_t end = 0;    // one after the last one
};

// What one poll() brought: a record, nothing, or a partition that cannot be read on. Views live as
// long as it.
class kafka_received {
  public:
    enum class kind { nothing, record, out_of_range };

    kafka_received() = default;
    explicit kafka_received(kafka_message message);

    [[nodiscard]] kind what() const { return kind_; }
    [[nodiscard]] std::int32_t partition() const { return message_->partition; }
    [[nodiscard]] std::int64_t offset() const { return message_->offset; }
    [[nodiscard]] std::optional<std::string_view> key() const;
    [[nodiscard]] std::optional<std::string_view> value() const;
    [[nodiscard]] std::int64_t timestamp_ms() const;  // -1 when the broker gave none
    // f(name, value) for each header in the record's order; a header without a value is left out.
    template <class F>
    void each_header(F f) const;

  private:
    kafka_message message_;
    kind kind_ = kind::nothing;
};

template <class F>
void kafka_received::each_header(F f) const {
    rd_kafka_headers_t* headers = nullptr;  // stays the message's own
    if (rd_kafka_message_headers(message_.get(), &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;; ++i) {
        const auto code = rd_kafka_header_get_all(headers, i, &name, &value, &size);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return;
        if (value != nullptr)
            f(std::string_view(name), std::string_view(static_cast<const char*>(value), size));
    }
}

struct kafka_consumer_settings {
    kafka_settings kafka;
    std::string client_id;
    std::string group;
    std::string topic;
};

// Called on the polling thread, inside poll() or close(). They must not call the consumer.
struct kafka_group_events {
    std::function<void(const std::vector<std::int32_t>& partitions)> assigned;
    std::function<void()> revoked;  // or lost: everything, at once
};

class kafka_consumer {
  public:
    using milliseconds = std::chrono::milliseconds;

    // Makes the client and joins the group; needs no broker yet. errc::invalid for bad settings.
    [[nodiscard]] static result<std::unique_ptr<kafka_consumer>> open(
        const kafka_consumer_settings& settings, kafka_group_events events);
    ~kafka_consumer();  // leaves the group, if close() has not
    kafka_consumer(const kafka_consumer&) = delete;
    kafka_consumer& operator=(const kafka_consumer&) = delete;

    // The next record within `longest`. An out_of_range partition is no longer fetched. Must be
    // called at least once a minute or so, or the group takes the partitions away.
    [[nodiscard]] result<kafka_received> poll(milliseconds longest);

    // From now on exactly these partitions are read, from there; nothing fetched before is
    // delivered.
    [[nodiscard]] result<> fetch_from(std::span<const kafka_position> positions);

    // The group's offsets in the same order; none where the group has none.
    [[nodiscard]] result<std::vector<std::optional<std::int64_t>>> committed(
        std::span<const std::int32_t> partitions, milliseconds longest);
    [[nodiscard]] result<kafka_log_bounds> log_bounds(std::int32_t partition, milliseconds longest);
    // The end as the last fetch showed it; no traffic. None before the first fetch.
    [[nodiscard]] std::optional<std::int64_t> known_end(std::int32_t partition) const;

    // Without waiting: a refusal is logged and harmless, because progress in Postgres rules.
    [[nodiscard]] result<> commit_soon(std::span<const kafka_position> positions);
    [[nodiscard]] result<> commit_now(std::span<const kafka_position> positions);

    void close();  // leaves the group; blocks until the group knows, or no broker answers
    [[nodiscard]] rd_kafka_t* handle() const { return client_.get(); }

  private:
    kafka_consumer(std::string topic, kafka_group_events events)
        : topic_(std::move(topic)), events_(std::move(events)) {}
    static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                             rd_kafka_topic_partition_list_t* partitions, void* self);
    static void on_commit(rd_kafka_t* client, rd_kafka_resp_err_t outcome,
                          rd_kafka_topic_partition_list_t* offsets, void* self);
    [[nodiscard]] kafka_partitions list_of(std::span<const kafka_position> positions) const;
    [[nodiscard]] result<> commit(std::span<const kafka_position> positions, bool wait);

    std::string topic_;
    kafka_group_events events_;
    kafka_handle client_;
    bool closed_ = false;
};

}  // namespace nd::base
