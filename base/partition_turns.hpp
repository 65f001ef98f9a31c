// Which partition takes the requests of the moment: one after the other, each for as long as
// librdkafka gathers a batch. Small requests of many tenants are then one request to the broker
// where their keys would make one for each partition. A producer's thread begins its requests,
// librdkafka's partitioner asks where a record belongs (producer_topic.cpp), on that thread or on
// one of its own. Two that turn at once pass over a partition, which costs nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace nd::base {

// In which partition a request's records go. by_key: the one that the key names, as Java's default:
// any client agrees where that is. in_turn: the partition of the moment.
enum class placement { by_key, in_turn };

class partition_turns {
  public:
    using clock = std::chrono::steady_clock;

    explicit partition_turns(clock::duration each) : each_(each) {}

    // The records from here on are another request's.
    void begin(placement how) noexcept {
        if (how == placement::by_key)
            begin_by_key();
        else
            begin_in_turn(clock::now());
    }

    // The records from here on belong where their keys say.
    void begin_by_key() noexcept { by_key_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool by_key() const noexcept { return by_key_.load(std::memory_order_relaxed); }

    // The records from here on are a request's that has its place in turn: only between requests
    // the partition changes.
    void begin_in_turn(clock::time_point now) noexcept {
        by_key_.store(false, std::memory_order_relaxed);
        if (now < until_) return;
        until_ = now + each_;
        due_.store(true, std::memory_order_relaxed);
    }

    // One of 0 .. count-1 (count > 0). available(partition) says whether it has a leader: the
    // others are passed over, unless there is none that has.
    template <class Available>
    [[nodiscard]] std::int32_t place(std::int32_t count, const Available& available) noexcept {
        if (due_.load(std::memory_order_relaxed)) {
            due_.store(false, std::memory_order_relaxed);
            turn(count, available);
        }
        return place_.load(std::memory_order_relaxed) % count;
    }

  private:
    template <class Available>
    void turn(std::int32_t count, const Available& available) noexcept {
        auto place = place_.load(std::memory_order_relaxed) % count;
        for (std::int32_t tries = 0; tries < count; ++tries) {
            place = (place + 1) % count;
            if (available(place)) break;
        }
        place_.store(place, std::memory_order_relaxed);
    }

    clock::duration each_;
    clock::time_point until_;
    std::atomic<bool> by_key_{true};
    std::atomic<bool> due_{false};
    std::atomic<std::int32_t> place_{0};
};

}  // namespace nd::base
