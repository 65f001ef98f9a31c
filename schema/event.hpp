// One event of the contract: the view that the edge publishes and the writer stores, and the
// verdict on one that is refused. Views point into the scanned text and into the scanner that made
// them; they own nothing.
#pragma once

#include "schema/ids.hpp"
#include "schema/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nd::schema {

struct event_view {
    event_id id;
    instant occurred_at;
    std::string_view name;  // texts are unescaped
    std::optional<std::string_view> session_id;
    std::optional<std::string_view> user_id;
    std::optional<std::string_view> page;
    std::string_view properties;  // a JSON object as it came, "{}" when absent or null
    std::string_view raw;         // the whole event as it came: the value of its Kafka record

    friend bool operator==(const event_view&, const event_view&) = default;
};

// Stable on the wire; enumerated in openapi.yaml, which a test compares with this list.
enum class event_code : std::uint8_t {
    not_an_object,
    missing_member,
    unknown_member,
    repeated_member,
    wrong_type,
    empty_text,  // a name of no characters
    too_long,    // a name, session_id, user_id or page over its bytes
    invalid_uuid,
    invalid_time,
    time_out_of_range,  // outside the years 2000 to 2100
    time_in_future,     // after now + 24 h
    nul_character,      // \u0000: Postgres stores it neither in text nor in jsonb
    lone_surrogate,     // half of a pair: no UTF-8 exists for it
    invalid_utf8,
    number_out_of_range,  // outside the range of an IEEE double
    number_too_long,      // over 64 characters
    too_deep,             // over 32 levels
    event_too_large,      // over 32 KiB
    duplicate_in_batch,   // the same event_id and occurred_at as an accepted event before it
};
inline constexpr std::uint8_t event_code_count = 19;

[[nodiscard]] std::string_view to_string(event_code code) noexcept;

struct rejection {
    std::uint32_t index = 0;  // place in the request's array, from 0
    std::string event_id;  // as the client wrote it when that was a text of 1-64 bytes, else empty
    event_code code = event_code::not_an_object;
    std::string detail;  // one sentence that names the member or the byte and says what to change
};

}  // namespace nd::schema
