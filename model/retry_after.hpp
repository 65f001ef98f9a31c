// How long a server asks to be left alone: retry-after-ms, Retry-After in seconds (fractions too)
// or as a date, and x-should-retry. Pure. Called by judge_reply().
#pragma once

#include "base/http_headers.hpp"

#include <chrono>
#include <ctime>
#include <optional>

namespace nd::model {

// At most a day: what asks for more is heard again then. nullopt: it does not say.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_retry_after(
    const base::http_headers& headers, std::time_t now);

// x-should-retry: the server's own word, for or against; nullopt: it does not say.
[[nodiscard]] std::optional<bool> read_should_retry(const base::http_headers& headers);

}  // namespace nd::model
