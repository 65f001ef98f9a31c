// How late the live writer is: the time for which the oldest record that it has not stored yet has
// been in Kafka. A replay watches it, and gives way when it grows. `live_delay` is pure;
// `live_watch` is the edge that asks Kafka where the log ends and nd.progress how far it is stored.
#pragma once

#include "base/kafka_conf.hpp"
#include "base/pg.hpp"
#include "ops/settings.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace nd::ops {

class live_delay {
  public:
    using clock = std::chrono::steady_clock;
    using offsets = std::map<std::int32_t, std::int64_t>;

    // What was seen at the same moment. A writer that does not move at all is not disturbed by us,
    // but away: it counts as not late.
    void saw(clock::time_point now, const offsets& ends, const offsets& stored);
    [[nodiscard]] std::chrono::milliseconds late() const { return late_; }

  private:
    struct sight {
        clock::time_point at;
        offsets ends;
    };
    std::deque<sight> unstored_;  // the oldest first
    std::optional<offsets> stored_;
    std::optional<clock::time_point> moved_at_;
    std::chrono::milliseconds late_{0};
};

class live_watch {
  public:
    [[nodiscard]] static base::result<live_watch> open(const settings& from);
    // Asks once; `on` is nd_writer's connection. Errors: Kafka's and Postgres's.
    [[nodiscard]] base::result<> look(base::pg::connection& on);
    [[nodiscard]] std::chrono::milliseconds late() const { return delay_.late(); }

  private:
    explicit live_watch(base::kafka_handle client) : client_(std::move(client)) {}
    base::kafka_handle client_;
    std::string cluster_;
    int partitions_ = 0;
    live_delay delay_;
};

}  // namespace nd::ops
