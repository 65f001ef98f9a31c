#include "ingest/limit_window.hpp"

#include <algorithm>

namespace nd::ingest {

void limit_window::drop_before(stamp_t oldest) {
    while (count_ > 0 && ring_[head_] <= oldest) {
        head_ = head_ + 1 == capacity_ ? 0 : head_ + 1;
        --count_;
    }
}

void limit_window::push(stamp_t stamp, std::uint32_t places) {
    if (count_ == capacity_) {
        // Most tenants send little: start with a few places and double, but never past what the
        // limit can use.
        const std::uint32_t wanted = std::max(4U, std::min(capacity_ * 2, places));
        auto bigger = std::make_unique<stamp_t[]>(wanted);
        for (std::uint32_t i = 0; i < count_; ++i)
            bigger[i] = at(i);
        ring_ = std::move(bigger);
        capacity_ = wanted;
        head_ = 0;
    }
    at(count_) = stamp;
    ++count_;
}

limit_window::verdict limit_window::admit(time now, std::uint32_t places, duration length) {
    auto stamp = now.time_since_epoch().count();
    if (count_ > 0) stamp = std::max(stamp, at(count_ - 1));
    drop_before(stamp - length.count());
    const time taken{duration{stamp}};
    if (places == 0) return {false, 0, length, taken};
    const bool admitted = count_ < places;
    if (admitted) push(stamp, places);
    // After a limit was lowered more stamps than places may still count: a place is free only when
    // enough of them have left.
    const auto freeing = at(admitted ? 0 : count_ - places);
    return {admitted, places > count_ ? places - count_ : 0, duration{freeing - stamp} + length,
            taken};
}

bool limit_window::give_back(time stamp) {
    const auto wanted = stamp.time_since_epoch().count();
    for (std::uint32_t i = count_; i > 0; --i) {
        const auto here = at(i - 1);
        if (here < wanted) return false;
        if (here > wanted) continue;
        for (std::uint32_t j = i; j < count_; ++j)
            at(j - 1) = at(j);
        --count_;
        return true;
    }
    return false;
}

bool limit_window::idle(time now, duration length) const {
    return count_ == 0 || at(count_ - 1) <= (now - length).time_since_epoch().count();
}

}  // namespace nd::ingest
