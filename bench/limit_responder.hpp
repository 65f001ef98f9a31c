// The least that an HTTP edge can cost here: a Beast loop on one thread that reads each request
// whole, through TLS or a decompressor where the scenario has them, and answers 202; with a topic,
// once Kafka has what it read. The bench's limit, measured in the same run; it never looks at what
// it reads.
#pragma once

#include "bench/forked_server.hpp"

#include <string>

namespace nd::bench {

struct responder_settings {
    std::string certificate;  // PEM files; empty: plain HTTP
    std::string key;
    // Not empty: each body is cut into as many records, under the key and headers of nd-ingest's,
    // as a request has events. 503 when Kafka does not take them all.
    std::string kafka;
    std::string topic;  // must be there
    int events_per_request = 1;
};

class limit_responder : public forked_server {
  public:
    // Without Kafka's client the process ends with a line that says why.
    explicit limit_responder(const responder_settings& with = {});
};

}  // namespace nd::bench
