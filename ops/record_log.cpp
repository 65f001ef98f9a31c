#include "ops/record_log.hpp"

#include "base/kafka_topics.hpp"
#include "ops/kafka_client.hpp"
#include "ops/wall_clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;
constexpr int patience_ms = 10'000;
constexpr auto away_after = 30s;
// Brokers' clocks differ: after a change of the leader, records may be stamped earlier than those
// before them. So far beyond the end of a range its stragglers are looked for.
constexpr std::int64_t stragglers_us = 300'000'000;

base::error kafka_failure(rd_kafka_resp_err_t code, const std::string& doing) {
    return base::failure(base::to_errc(code), fmt::format("{}: {}", doing, rd_kafka_err2str(code)));
}

base::result<topic_log> describe(rd_kafka_t* client, const std::string& topic) {
    const std::array names{topic};
    const auto facts = base::describe_topics(client, names, patience);
    if (!facts) return facts.error();
    const auto& one = facts->front();
    if (!one.exists) {
        return base::failure(base::errc::not_found,
                             fmt::format("there is no topic {} (ndctl topics lists ours)", topic));
    }
    topic_log log{topic, {}, -1, {}};
    const auto retention = one.config.find("retention.ms");
    if (retention != one.config.end()) {
        const auto& text = retention->second;
        std::from_chars(text.data(), text.data() + text.size(), log.retention_ms);
    }
    auto cluster = cluster_of(client);
    if (!cluster) return cluster.error();
    log.cluster = std::move(*cluster);
    for (int i = 0; i < one.partitions; ++i)
        log.partitions.push_back({i, 0, 0, {}, {}, {}});
    return log;
}

base::result<> read_bounds(rd_kafka_t* client, topic_log& log) {
    for (auto& one : log.partitions) {
        const auto code = rd_kafka_query_watermark_offsets(client, log.topic.c_str(), one.partition,
                                                           &one.start, &one.end, patience_ms);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return kafka_failure(code, fmt::format("reading the bounds of {} partition {}",
                                                   log.topic, one.partition));
        }
    }
    return {};
}

// The first record at or after the time in each partition.
base::result<> find_time(rd_kafka_t* client, topic_log& log, std::int64_t us,
                         std::optional<std::int64_t> partition_log::*into) {
    const auto ms = us / 1000 + (us % 1000 > 0 ? 1 : 0);
    const base::kafka_partitions list(
        rd_kafka_topic_partition_list_new(static_cast<int>(log.partitions.size())));
    for (const auto& one : log.partitions) {
        rd_kafka_topic_partition_list_add(list.get(), log.topic.c_str(), one.partition)->offset =
            ms;
    }
    const auto asking = "looking for a time in " + log.topic;
    const auto code = rd_kafka_offsets_for_times(client, list.get(), patience_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(code, asking);
    for (auto& one : log.partitions) {
        const auto* found =
            rd_kafka_topic_partition_list_find(list.get(), log.topic.c_str(), one.partition);
        if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(found->err, asking);
        one.*into = found->offset < 0 ? one.end : std::min(found->offset, one.end);
    }
    return {};
}

// Asked for only where the range may begin before the log does.
base::result<> read_first_times(const settings& from, topic_log& log) {
    for (auto& one : log.partitions) {
        if (one.start == 0 || one.start == one.end || one.at_from > one.start) continue;
        const auto first = first_time(from, log.topic, {one.partition, one.start, one.end});
        if (!first) return first.error();
        one.first_ms = *first;
    }
    return {};
}

}  // namespace

base::result<std::optional<std::int64_t>> first_time(const settings& from, const std::string& topic,
                                                     const partition_span& span) {
    auto reader = record_reader::open(from, topic, span);
    if (!reader) return reader.error();
    std::optional<std::int64_t> first;
    while (!first && !(*reader)->done()) {
        const auto read = (*reader)->read(100ms, [&first](const base::kafka_received& record) {
            if (!first) first = record.timestamp_ms();
        });
        if (!read) return read.error();
    }
    return first;
}

base::result<topic_log> read_log(const settings& from, const std::string& topic) {
    auto client = open_kafka_reader(from);
    if (!client) return client.error();
    auto log = describe(client->get(), topic);
    if (!log) return log;
    if (auto done = read_bounds(client->get(), *log); !done) return done.error();
    return log;
}

base::result<record_range> resolve_range(const settings& from, const std::string& topic,
                                         const range_wish& wish) {
    auto client = open_kafka_reader(from);
    if (!client) return client.error();
    auto log = describe(client->get(), topic);
    if (!log) return log.error();
    if (auto done = read_bounds(client->get(), *log); !done) return done.error();
    if (wish.from) {
        auto done = find_time(client->get(), *log, wish.from->us, &partition_log::at_from);
        if (done) done = read_first_times(from, *log);
        if (!done) return done.error();
    }
    if (wish.to) {
        const auto until = wish.to->us + stragglers_us;
        auto done = find_time(client->get(), *log, until, &partition_log::after_to);
        if (!done) return done.error();
    }
    return bracket(wish, *log, wall_clock());
}

base::result<std::unique_ptr<record_reader>> record_reader::open(const settings& from,
                                                                 const std::string& topic,
                                                                 const partition_span& span) {
    std::unique_ptr<record_reader> made(new record_reader(topic, span));
    if (made->done()) return made;
    auto client = open_kafka_reader(from);
    if (!client) return client.error();
    made->client_ = std::move(*client);
    made->topic_.reset(rd_kafka_topic_new(made->client_.get(), topic.c_str(), nullptr));
    made->queue_.reset(rd_kafka_queue_new(made->client_.get()));
    if (!made->topic_ || rd_kafka_consume_start_queue(made->topic_.get(), span.partition,
                                                      span.begin, made->queue_.get()) != 0) {
        return kafka_failure(rd_kafka_last_error(), "reading " + topic);
    }
    return made;
}

record_reader::~record_reader() {
    if (queue_) rd_kafka_consume_stop(topic_.get(), span_.partition);
}

base::result<> record_reader::fetch(std::chrono::milliseconds longest) {
    count_ = 0;
    if (done()) return {};
    const auto got = rd_kafka_consume_batch_queue(queue_.get(), static_cast<int>(longest.count()),
                                                  messages_.data(), messages_.size());
    if (got < 0) return kafka_failure(rd_kafka_last_error(), "reading " + name_);
    waited_ = got > 0 ? 0ms : waited_ + longest;
    if (waited_ > away_after) {
        return base::failure(base::errc::unavailable,
                             fmt::format("Kafka sends nothing more of {} partition {}, which ends "
                                         "at offset {}: it stands at {}",
                                         name_, span_.partition, span_.end, position_));
    }
    base::result<> outcome;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
        base::kafka_message message(messages_[i]);
        if (outcome && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) outcome = judge(*message);
        if (outcome && message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            messages_[count_++] = message.release();
    }
    if (outcome) return {};
    for (std::size_t i = 0; i < count_; ++i)
        rd_kafka_message_destroy(messages_[i]);
    count_ = 0;
    return outcome;
}

// What comes in a record's place.
base::result<> record_reader::judge(const rd_kafka_message_t& message) {
    switch (message.err) {
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            // The last offsets of a span may be no records (a transaction's marks): then nothing
            // else tells that they are behind us.
            ended_ = std::max(ended_, std::min(message.offset, span_.end));
            return {};
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            return base::failure(
                base::errc::refused,
                fmt::format("retention has cut {} partition {} while it was being read: offset {} "
                            "is gone",
                            name_, span_.partition, position_));
        default: return kafka_failure(message.err, "reading " + name_);
    }
}

bool record_reader::take(const base::kafka_received& record) {
    if (record.offset() < position_ || record.offset() >= span_.end) {
        position_ = std::max(position_, std::min(record.offset(), span_.end));
        return false;
    }
    position_ = record.offset() + 1;
    return true;
}

}  // namespace nd::ops
