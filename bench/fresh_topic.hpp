// nd.events.v1 made anew: removed with everything in it, with the group's offsets and with what
// Postgres knows of its progress, and created with as many partitions as are wanted. For scenarios
// on a system of their own only; nothing else may read or write the topic meanwhile.
#pragma once

#include "bench/bed.hpp"

namespace nd::bench {

// Throws bench_error when Kafka or Postgres refuses.
void make_events_topic_anew(bed& on, int partitions);

}  // namespace nd::bench
