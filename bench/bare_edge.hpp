// The least that can put events into Kafka behind HTTP: Beast, simdjson and librdkafka on one
// thread, 202 when Kafka has all of a request's events. No keys, no limits, no origin, no
// validation, no metrics. The best peers were measured beside such a program (bench/RESULTS.md), so
// it carries their figures over to this machine. Used by the edge scenario.
#pragma once

#include "bench/forked_server.hpp"

#include <string>

namespace nd::bench {

// `none`: as the peers, librdkafka fills one partition after the other. `tenants`: as nd-ingest, a
// tenant's records are in the one partition that its key names, so that each batch is spread over
// all of them, and librdkafka sends a request for each.
enum class record_keys { none, tenants };

class bare_edge : public forked_server {
  public:
    // `topic` must be there. What is no JSON with events is answered 400, what Kafka does not take
    // 503; without Kafka's client the process ends with a line that says why.
    bare_edge(const std::string& kafka, const std::string& topic, record_keys keys);
};

}  // namespace nd::bench
