// When dead records are our own bug and not their senders': nothing is published then, the writer
// parks. Pure; deliver asks.
#pragma once

#include "workers/row_store.hpp"

#include <cstddef>
#include <span>

namespace nd::workers {

struct dead_share {
    std::size_t tenants = 0;    // in the batch; a key that names no tenant counts as itself
    std::size_t with_dead = 0;  // not counting records that died before: see share_of
    // Dead records of more than half of the tenants, in a batch of 5 tenants or more.
    [[nodiscard]] bool is_our_bug() const { return tenants >= 5 && 2 * with_dead > tenants; }
};

// A record that somebody replayed and that dies again says nothing new about us. It goes back to
// nd.dead.v1, or one replay before the cause is fixed would park everybody's events.
[[nodiscard]] dead_share share_of(const parcel& load, std::span<const dead_letter> dead);

}  // namespace nd::workers
