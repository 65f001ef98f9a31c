// The identities (event_id, occurred_at) that one batch has accepted so far. A flat table that is
// never cleared: each batch stamps its own entries. Called by batch_scanner only.
#pragma once

#include "schema/event.hpp"
#include "schema/limits.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace nd::schema {

class seen_events {
  public:
    void next_batch() noexcept {
        if (++batch_ == 0) {  // after 4 billion batches the old stamps would look new again
            places_.assign(places_.size(), {});
            batch_ = 1;
        }
    }

    // False if this identity was added since next_batch(). At most max_events times per batch, so
    // the table stays half empty. Ids chosen to collide cost a batch about a millisecond, no more.
    [[nodiscard]] bool add(const event_view& event) noexcept {
        std::size_t at =
            std::hash<event_id>{}(event.id) ^ static_cast<std::size_t>(event.occurred_at.us);
        for (;; ++at) {
            place& here = places_[at % places_.size()];
            if (here.batch != batch_) {
                here = {event.id, event.occurred_at, batch_};
                return true;
            }
            if (here.id == event.id && here.at == event.occurred_at) return false;
        }
    }

  private:
    struct place {
        event_id id;
        instant at;
        std::uint32_t batch = 0;
    };
    std::vector<place> places_ = std::vector<place>(std::bit_ceil(2 * max_events));
    std::uint32_t batch_ = 0;
};

}  // namespace nd::schema
