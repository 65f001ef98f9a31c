// What an event at the edge costs at least, measured in the same run, interleaved with the server:
// a bare 202 responder's share of the request plus a bare producer, each alone, or one program that
// does both. At a fixed pace they agree; as fast as answered each alone runs at a pace of its own,
// many times the server's, with warm caches and full batches that no edge can have.
#pragma once

#include "bench/bed.hpp"
#include "bench/limit_responder.hpp"

#include <string>

namespace nd::bench {

inline constexpr const char* limit_topic = "nd.bench.v1";

// Makes the topic and warms the broker. Throws bench_error.
void prepare_limit_topic(bed& on);
// Both in one program, into the topic.
[[nodiscard]] responder_settings limit_edge(const bed& on, int events_per_request);

class edge_limits {
  public:
    // Starts the responder and prepares the topic. Throws bench_error.
    explicit edge_limits(bed& on);

    struct cost {
        double responder_us = 0;  // per request
        double producer_us = 0;   // per event
        double parse_us = 0;      // of a page, by simdjson
        int events_per_request = 1;
        [[nodiscard]] double us_per_event() const {
            return producer_us + responder_us / events_per_request;
        }
    };
    // Under the same load as `plan` asks of the server: the same pace, connections and bodies. A
    // closed-loop plan gets the producer flat out.
    [[nodiscard]] cost measure(bed& on, load_plan plan);

  private:
    limit_responder responder_;
    meter watched_;
};

}  // namespace nd::bench
