#include "ingest/publication.hpp"

#include <utility>

namespace nd::ingest {

namespace {

// An order of badness: what an operator must act on hides what a retry heals.
int badness(base::errc outcome) {
    switch (outcome) {
        case base::errc::ok: return 0;
        case base::errc::busy: return 1;
        case base::errc::unavailable: return 2;
        case base::errc::refused: return 3;
        default: return 4;
    }
}

}  // namespace

bool publication::charge(byte_budget& queue, std::size_t bytes) noexcept {
    if (!queue.take(bytes)) return false;
    queue_ = &queue;
    charged_ = bytes;
    return true;
}

void publication::sent() noexcept {
    ++pending_;
    ++references_;
}

void publication::delivered(base::errc outcome, std::string_view reason) {
    if (badness(outcome) > badness(outcome_)) {
        outcome_ = outcome;
        reason_ = reason;
    }
    --pending_;
    if (pending_ == 0 && waiter_) std::exchange(waiter_, nullptr)->fire();
    intrusive_ptr_release(this);
}

}  // namespace nd::ingest
