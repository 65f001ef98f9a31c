// The least that an HTTP edge can cost here: a Beast loop on one thread that reads each request
// whole, through TLS or a decompressor where the scenario has them, and answers 202. The bench's
// limit, measured in the same run; it never looks at what it reads.
#pragma once

#include "bench/forked_server.hpp"

#include <string>

namespace nd::bench {

struct responder_settings {
    std::string certificate;  // PEM files; empty: plain HTTP
    std::string key;
};

class limit_responder : public forked_server {
  public:
    explicit limit_responder(const responder_settings& with = {});
};

}  // namespace nd::bench
