// What the writer says of itself on /readyz: written by its threads, read by the admin thread.
//
// Ready means that events would become rows now: started, in the group (with partitions or idle
// beside other writers), not parked, no partition stopped, not draining, and Postgres not failing
// for longer than 10 s. Shorter failures are what retries are for.
#pragma once

#include "base/admin_http.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace nd::workers {

class health {
  public:
    using clock = std::chrono::steady_clock;

    void waiting_for(std::string what);  // at start: why it does not run yet
    void running();
    void draining();

    void joined(std::size_t partitions);
    void left_group();

    void parked(std::string why);
    void unparked();
    void partition_stopped(std::int32_t partition, std::string why);
    void partition_goes_on(std::int32_t partition);
    void no_partition_stopped();

    void store_failed(std::string why, clock::time_point now);
    void store_worked();
    void batch_stored(std::chrono::system_clock::time_point when);

    [[nodiscard]] base::admin_reply ready(clock::time_point now) const;

  private:
    [[nodiscard]] std::string why_not(clock::time_point now) const;

    mutable std::mutex mutex_;
    std::string waiting_for_ = "the start";
    bool draining_ = false;
    std::optional<std::size_t> partitions_;  // none: not in the group
    std::optional<std::string> parked_;
    std::map<std::int32_t, std::string> stopped_;
    std::optional<clock::time_point> failing_since_;
    std::string last_failure_;
    std::optional<std::chrono::system_clock::time_point> last_stored_;
};

}  // namespace nd::workers
