// The least that putting an event into Kafka can cost here: a bare librdkafka producer with
// nd-ingest's settings, given ready bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace nd::bench {

struct producer_outcome {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    std::chrono::nanoseconds cpu{0};  // of this process, librdkafka's threads included
    double seconds = 0;
};

// Produces for `duration` into `topic`, with the same headers as nd-ingest, and waits for every
// delivery report.
[[nodiscard]] producer_outcome run_producer(const std::string& bootstrap, const std::string& topic,
                                            std::chrono::milliseconds duration);

}  // namespace nd::bench
