#include "ingest/limit_header.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ingest {

int admission::wait_seconds() const {
    return static_cast<int>(
        std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count()));
}

std::string rate_limit_policy(const admission& decided) {
    return fmt::format("\"{}\";q={};w={}", schema::to_string(decided.cls), decided.limit,
                       schema::limit_window_seconds);
}

std::string rate_limit_state(const admission& decided) {
    return fmt::format("\"{}\";r={};t={}", schema::to_string(decided.cls), decided.remaining,
                       decided.wait_seconds());
}

}  // namespace nd::ingest
