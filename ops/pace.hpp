// How fast a long work may go: --rate, and giving way to the live writer. Shared by the threads of
// one replay or import. `now` comes in where it matters, for the tests.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace nd::ops {

class pace {
  public:
    using clock = std::chrono::steady_clock;

    explicit pace(std::int64_t per_second) : per_second_(per_second) {}

    // How long to wait before so many more may go. What was not used is lost: no bursts after a
    // pause.
    [[nodiscard]] clock::duration take(std::int64_t records, clock::time_point now) {
        if (per_second_ <= 0) return {};
        const std::lock_guard lock(mutex_);
        free_at_ = std::max(free_at_, now);
        const auto wait = free_at_ - now;
        free_at_ += std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(
            static_cast<double>(records) / static_cast<double>(per_second_)));
        return wait;
    }

    void give_way(bool now) { giving_way_ = now; }
    [[nodiscard]] bool gives_way() const { return giving_way_; }

  private:
    std::int64_t per_second_;
    std::atomic<bool> giving_way_{false};
    std::mutex mutex_;
    clock::time_point free_at_;
};

}  // namespace nd::ops
