// Reads what a service sent as JSON, where anything may be missing or of another type: each
// function says what there is instead of throwing. Pure. Used by the readers of this folder only.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nd::model {

// nullopt: no JSON, not UTF-8, or deeper than 32 levels.
[[nodiscard]] std::optional<boost::json::value> parse_json(std::string_view text);

// nullptr when `in` is no object or has no such member, or when that is null.
[[nodiscard]] const boost::json::value* member_of(const boost::json::value& in,
                                                  std::string_view name);
// "" when there is no such string.
[[nodiscard]] std::string text_of(const boost::json::value& in, std::string_view name);
// nullopt when there is no such whole number of 63 bits.
[[nodiscard]] std::optional<std::int64_t> number_of(const boost::json::value& in,
                                                    std::string_view name);
// nullptr when there is no such array.
[[nodiscard]] const boost::json::array* list_of(const boost::json::value& in,
                                                std::string_view name);

}  // namespace nd::model
