// What every operation with a key asks before it does anything, as values: may this key be used
// from there, is the limit reached, and whose place is given back. Pure but for the store that
// gets a place back. Called by entry, which does the waiting.
#pragma once

#include "ingest/key_record.hpp"
#include "ingest/limit_store.hpp"
#include "ingest/reply.hpp"

#include <optional>
#include <string_view>

namespace nd::ingest {

inline constexpr int retry_busy = 1;         // seconds: a full queue or budget empties quickly
inline constexpr int retry_unavailable = 5;  // what is away does not come back at once

[[nodiscard]] schema::problem no_key();
[[nodiscard]] std::optional<schema::problem> use_refusal(const key_record& key,
                                                         schema::scope wanted,
                                                         std::optional<std::string_view> origin);
[[nodiscard]] schema::problem no_limit();  // the store cannot say
[[nodiscard]] schema::problem over_limit(const admission& decided);

// The answer with its RateLimit headers; our own 503 gives the place back.
[[nodiscard]] answer with_place(answer made, limit_store& limits, const admission& place);

}  // namespace nd::ingest
