// Keeps a service that is down from being called for nothing: after so many faults in a row no call
// starts for a while, then one alone is tried. Pure: time comes in. Used by the enricher around
// each call; a fault of the request itself (400) is none of the service's and is not told here.
#pragma once

#include <algorithm>
#include <chrono>

namespace nd::model {

class circuit_breaker {
  public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    // The pause doubles with each try that failed, up to the longest.
    circuit_breaker(int faults_in_a_row, milliseconds first, milliseconds longest)
        : most_(faults_in_a_row), first_(first), longest_(longest), pause_(first) {}

    enum class state { closed, open, trying };
    [[nodiscard]] state at(time_point now) const {
        if (faults_ < most_) return state::closed;
        return trying_ || now >= open_until_ ? state::trying : state::open;
    }

    // True: a call may start, and it is told how it went. While trying, only the first who asks.
    [[nodiscard]] bool enter(time_point now) {
        const auto is = at(now);
        if (is == state::closed) return true;
        if (is == state::open || trying_) return false;
        trying_ = true;
        return true;
    }
    // How long until asking again makes sense; 0 when at once.
    [[nodiscard]] milliseconds wait(time_point now) const {
        if (at(now) != state::open) return milliseconds(0);
        return std::max(milliseconds(1),
                        std::chrono::duration_cast<milliseconds>(open_until_ - now));
    }

    void worked() {
        faults_ = 0;
        trying_ = false;
        pause_ = first_;
    }
    void failed(time_point now) {
        const bool was_closed = faults_ < most_;
        faults_ = std::min(faults_ + 1, most_);
        if (faults_ < most_) return;
        // A call from before the pause that fails during it says nothing new.
        if (!was_closed && !trying_) return;
        if (!was_closed) pause_ = std::min(longest_, pause_ * 2);
        trying_ = false;
        open_until_ = now + pause_;
    }
    // The call ended without a word on the service, e.g. because we stop.
    void gave_up() { trying_ = false; }

  private:
    int most_;
    milliseconds first_;
    milliseconds longest_;
    milliseconds pause_;
    int faults_ = 0;
    bool trying_ = false;
    time_point open_until_{};
};

}  // namespace nd::model
