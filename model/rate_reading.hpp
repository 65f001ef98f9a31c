// What an answer's x-ratelimit-* headers say about what is left. Pure. Made by openai_client for
// each answer, taken by rate_budget.
#pragma once

#include "base/http_headers.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace nd::model {

struct rate_reading {
    struct share {
        std::optional<std::int64_t> limit;  // of a minute
        std::optional<std::int64_t> left;
        std::optional<std::chrono::milliseconds> whole_in;  // when all of it is there again
    };
    share requests;
    share tokens;
};

// What is missing, no number, or below zero (some gateways send -1) is absent.
[[nodiscard]] rate_reading read_rate(const base::http_headers& headers);

}  // namespace nd::model
