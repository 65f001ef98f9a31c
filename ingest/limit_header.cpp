#include "ingest/limit_header.hpp"

#include "base/append.hpp"

#include <algorithm>

namespace nd::ingest {

int admission::wait_seconds() const {
    return static_cast<int>(
        std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count()));
}

void write_rate_limit(std::string& out, const admission& decided) {
    const auto policy = schema::to_string(decided.cls);
    base::append(out, "RateLimit-Policy: \"", policy, "\";q=", decided.limit,
                 ";w=", schema::limit_window_seconds, "\r\nRateLimit: \"", policy,
                 "\";r=", decided.remaining, ";t=", decided.wait_seconds(), "\r\n");
}

}  // namespace nd::ingest
