// A JSON number as one token: the grammar, and what Postgres's numeric could be hurt with. Pure;
// called by json_cursor for every number.
#pragma once

#include <string_view>

namespace nd::schema {

enum class number_verdict {
    fine,
    not_json,      // 01, +1, 1., .5, 1e, NaN
    too_long,      // over 64 characters
    out_of_range,  // outside the range of an IEEE double, on either side
};

[[nodiscard]] number_verdict judge_number(std::string_view token) noexcept;

}  // namespace nd::schema
