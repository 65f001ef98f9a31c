// What the process knows of Kafka: is it safe to acknowledge, is it reachable, does it refuse our
// records. Written by kafka_watch (its own thread) and by the sinks (io threads), read by /readyz
// and by post_events. Any thread; nothing fails.
#pragma once

#include "base/metrics.hpp"
#include "base/result.hpp"

#include <array>
#include <atomic>
#include <chrono>

namespace nd::ingest {

class kafka_health {
  public:
    using clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds unreachable_after{10};

    explicit kafka_health(base::metrics& metrics);

    // The topics were found safe: from now on events may be acknowledged.
    void found_safe() { safe_.store(true, std::memory_order_release); }
    [[nodiscard]] bool safe() const { return safe_.load(std::memory_order_acquire); }

    // A broker answered at this moment.
    void answered(clock::time_point when);
    // Silent for over 10 s. Before the first answer that is counted from the start of the process.
    [[nodiscard]] bool unreachable(clock::time_point now) const;

    // How publishing a request ended. A refusal for good stands until some request is stored again.
    void count(base::errc outcome);
    [[nodiscard]] bool refusing() const { return refusing_.load(std::memory_order_relaxed); }

  private:
    std::atomic<bool> safe_{false};
    std::atomic<bool> refusing_{false};
    std::atomic<clock::rep> last_answer_;
    base::counter& busy_;
    base::counter& unavailable_;
    base::counter& refused_;
    base::gauge& alarm_;
};

}  // namespace nd::ingest
