// The values of the RateLimit-Policy and RateLimit headers (IETF draft ratelimit-headers). Called
// by reply.cpp for answers to admitted and to refused requests. Pure.
#pragma once

#include "ingest/limit_store.hpp"

#include <string>

namespace nd::ingest {

// "events";q=60;w=60
[[nodiscard]] std::string rate_limit_policy(const admission& decided);
// "events";r=59;t=60 : r places are free, the next one comes free in t seconds
[[nodiscard]] std::string rate_limit_state(const admission& decided);

}  // namespace nd::ingest
