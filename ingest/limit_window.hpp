// One exact sliding window: in any `length` of time at most N admissions. A ring of time stamps
// that grows on use, O(1) per admission (amortised). Pure: the time comes in, there is no lock.
// Called by the limiter under a tenant's lock and by the key look-ups to bound their rate. Nothing
// fails; only growing allocates.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace nd::ingest {

class limit_window {
  public:
    using time = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    struct verdict {
        bool admitted;
        std::uint32_t remaining;  // places free now, after this request
        duration wait;            // until the next place comes free; zero when none is taken
        time stamp;               // the place that was taken: what give_back() wants
    };

    // `now` never goes back: a time before the newest stamp is read as that stamp. `places` may
    // change from call to call. The window is half-open: a stamp stops counting exactly `length`
    // after it was made. A refusal takes no place.
    [[nodiscard]] verdict admit(time now, std::uint32_t places, duration length);

    // Frees the place; false when it has already left the window.
    bool give_back(time stamp);

    // True when nothing counts any more at `now`: forgetting the window then changes no verdict.
    [[nodiscard]] bool idle(time now, duration length) const;
    [[nodiscard]] std::size_t bytes() const { return capacity_ * sizeof(stamp_t); }

  private:
    using stamp_t = duration::rep;

    stamp_t& at(std::uint32_t i) const {
        const auto place = head_ + i;
        return ring_[place < capacity_ ? place : place - capacity_];
    }
    void drop_before(stamp_t oldest);
    void push(stamp_t stamp, std::uint32_t places);

    std::unique_ptr<stamp_t[]> ring_;
    std::uint32_t capacity_ = 0;
    std::uint32_t head_ = 0;   // index of the oldest stamp
    std::uint32_t count_ = 0;  // stamps in the window, oldest first, never decreasing
};

}  // namespace nd::ingest
