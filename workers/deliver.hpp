// One batch on its last way: stored with its progress. When records of it are dead: stored, the
// dead published and acknowledged, the rest stored again with the progress past all of it. In this
// order a crash or a failover anywhere loses nothing. Doing it again is always safe: rows are
// idempotent, a dead record may be there twice. Called by the lane; never retries.
#pragma once

#include "base/kafka_sync_producer.hpp"
#include "base/result.hpp"
#include "workers/row_store.hpp"

#include <functional>
#include <span>
#include <vector>

namespace nd::workers {

// kafka_sync_producer::publish, or what a test puts in its place.
using publish_dead = std::function<base::result<>(std::span<const base::outgoing_record>)>;

struct delivered {
    stored rows;
    std::vector<dead_letter> dead;
};

// Errors: those of the store and of Kafka; errc::refused when so many tenants have dead records
// that it must be our own bug (nothing was published then).
[[nodiscard]] base::result<delivered> deliver(const parcel& load, row_store& store,
                                              const publish_dead& publish);

}  // namespace nd::workers
