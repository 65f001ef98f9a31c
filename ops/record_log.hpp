// The edge to a topic's records, without a group: which of them lie in a range, and reading one
// partition's. Called by replay, audit and dead. It subscribes to nothing and commits nothing, so
// the live writer's group never notices it. One thread per reader.
//
// Errors: unavailable when Kafka does not answer, not_found for a topic that is not there, refused
// when retention has cut a range (also while it is being read), and record_range's own.
#pragma once

#include "base/kafka_consumer.hpp"
#include "ops/record_range.hpp"
#include "ops/settings.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace nd::ops {

// What is there of the topic now, without times.
[[nodiscard]] base::result<topic_log> read_log(const settings& from, const std::string& topic);

// The time in ms of the first record that is there of the span; none when it is empty.
[[nodiscard]] base::result<std::optional<std::int64_t>> first_time(const settings& from,
                                                                   const std::string& topic,
                                                                   const partition_span& span);

// The offsets of the wish as the log stands now. What is appended later is not in it.
[[nodiscard]] base::result<record_range> resolve_range(const settings& from,
                                                       const std::string& topic,
                                                       const range_wish& wish);

class record_reader {
  public:
    // Needs no broker yet.
    [[nodiscard]] static base::result<std::unique_ptr<record_reader>> open(
        const settings& from, const std::string& topic, const partition_span& span);
    ~record_reader();
    record_reader(const record_reader&) = delete;
    record_reader& operator=(const record_reader&) = delete;

    // f(const base::kafka_received&) for the next records of the span in their order, some hundreds
    // at most, as soon as there are any or `longest` has passed. The views live during the call.
    // Records outside of the range's times come too: ask record_range::holds. Error unavailable
    // when so many reads in a row brought nothing that Kafka must be away.
    template <class F>
    [[nodiscard]] base::result<> read(std::chrono::milliseconds longest, F f) {
        if (auto fetched = fetch(longest); !fetched) return fetched;
        for (std::size_t i = 0; i < count_; ++i) {
            const base::kafka_received record{base::kafka_message(messages_[i])};
            messages_[i] = nullptr;
            if (take(record)) f(record);
        }
        position_ = std::max(position_, ended_);
        return {};
    }

    // Everything of the span before it was given to a read().
    [[nodiscard]] std::int64_t position() const { return position_; }
    [[nodiscard]] bool done() const { return position_ >= span_.end; }

  private:
    static constexpr std::size_t most = 500;

    record_reader(std::string topic, const partition_span& span)
        : name_(std::move(topic)), span_(span), position_(span.begin) {}
    [[nodiscard]] base::result<> fetch(std::chrono::milliseconds longest);
    [[nodiscard]] base::result<> judge(const rd_kafka_message_t& message);
    [[nodiscard]] bool take(const base::kafka_received& record);

    std::string name_;
    partition_span span_;
    std::int64_t position_;
    std::array<rd_kafka_message_t*, most> messages_{};
    std::size_t count_ = 0;
    std::int64_t ended_ = 0;               // up to here the log has nothing more to give
    std::chrono::milliseconds waited_{0};  // in vain
    base::kafka_handle client_;
    base::kafka_topic topic_;
    base::kafka_queue queue_;
};

}  // namespace nd::ops
