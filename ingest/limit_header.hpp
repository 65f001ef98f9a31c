// The lines of the RateLimit-Policy and RateLimit headers (IETF draft ratelimit-headers). Called by
// reply.cpp for answers to admitted and to refused requests. Pure.
#pragma once

#include "ingest/limit_store.hpp"

#include <string>

namespace nd::ingest {

// Appends both:
//     RateLimit-Policy: "events";q=60;w=60
//     RateLimit: "events";r=59;t=60
// r places are free, the next one comes free in t seconds.
void write_rate_limit(std::string& out, const admission& decided);

}  // namespace nd::ingest
