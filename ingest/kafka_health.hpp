// What the process knows of Kafka: is it safe to acknowledge, is it reachable, does it refuse our
// records. Written by kafka_watch (its own thread) and by the sinks (io threads), read by /readyz
// and by post_events. Any thread; nothing fails.
#pragma once

#include "base/metrics.hpp"
#include "base/result.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <string_view>

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

    // How publishing a request ended; `reason` is Kafka's, for the log.
    void count(base::errc outcome, std::string_view reason);
    // A request was refused for good a moment ago. It ends by itself: an edge that is not ready
    // gets no request that could show that Kafka takes our records again.
    [[nodiscard]] bool refusing(clock::time_point now) const;
    static constexpr std::chrono::seconds refusal_lasts{15};

  private:
    std::atomic<bool> safe_{false};
    std::atomic<bool> alarmed_{false};  // until a request is stored again
    std::atomic<clock::rep> refused_at_{0};
    std::atomic<clock::rep> last_answer_;
    base::counter& busy_;
    base::counter& unavailable_;
    base::counter& refused_;
    base::gauge& alarm_;
};

}  // namespace nd::ingest
