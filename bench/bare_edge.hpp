// The least that can put events into Kafka behind HTTP: Beast, simdjson and librdkafka on one
// thread, 202 when Kafka has all of a request's events. No keys, no limits, no origin, no
// validation, no metrics. The best peers were measured beside such a program (bench/RESULTS.md), so
// it carries their figures over to this machine. Used by the edge scenario.
#pragma once

#include "bench/forked_server.hpp"

#include <string>

namespace nd::bench {

class bare_edge : public forked_server {
  public:
    // `topic` must be there; records have no keys, as the peers' had none. What is no JSON with
    // events is answered 400, what Kafka does not take 503; without Kafka's client the process ends
    // with a line that says why.
    bare_edge(const std::string& kafka, const std::string& topic);
};

}  // namespace nd::bench
