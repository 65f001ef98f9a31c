#include "ingest/gate.hpp"

#include "ingest/origin.hpp"
#include "schema/limits.hpp"

#include <fmt/format.h>

namespace nd::ingest {

using schema::problem;
using schema::problem_code;

problem no_key() {
    return {problem_code::missing_key, "send your API key in the X-ND-Key header"};
}

std::optional<problem> use_refusal(const key_record& key, schema::scope wanted,
                                   std::optional<std::string_view> origin) {
    if (auto foreign = origin_refusal(key, origin)) return foreign;
    if (key.allows(wanted)) return std::nullopt;
    return problem{problem_code::scope_missing,
                   fmt::format("this key lacks the scope `{}`: use another key, or have one made "
                               "with it",
                               to_string(wanted))};
}

problem no_limit() {
    return {problem_code::busy, "the limit cannot be checked now: try again", retry_busy};
}

problem over_limit(const admission& decided) {
    return {problem_code::rate_limited,
            fmt::format("{} requests in any {} seconds are allowed: wait as Retry-After says",
                        decided.limit, schema::limit_window_seconds),
            decided.wait_seconds()};
}

answer with_place(answer made, limit_store& limits, const admission& place) {
    made.limit = place;
    if (made.status == 503) {
        limits.give_back(place);
        ++made.limit->remaining;
    }
    return made;
}

}  // namespace nd::ingest
