// The tokens of one call, as the service counts and charges them.
#pragma once

#include <cstdint>

namespace nd::model {

struct token_usage {
    std::int64_t input = 0;
    std::int64_t cached = 0;  // the part of `input` that was cheaper
    std::int64_t output = 0;  // thinking included

    friend bool operator==(const token_usage&, const token_usage&) = default;
};

}  // namespace nd::model
