#include "schema/event.hpp"

namespace nd::schema {

std::string_view to_string(event_code code) noexcept {
    switch (code) {
        case event_code::not_an_object: return "not_an_object";
        case event_code::missing_member: return "missing_member";
        case event_code::unknown_member: return "unknown_member";
        case event_code::repeated_member: return "repeated_member";
        case event_code::wrong_type: return "wrong_type";
        case event_code::empty_text: return "empty_text";
        case event_code::too_long: return "too_long";
        case event_code::invalid_uuid: return "invalid_uuid";
        case event_code::invalid_time: return "invalid_time";
        case event_code::time_out_of_range: return "time_out_of_range";
        case event_code::time_in_future: return "time_in_future";
        case event_code::nul_character: return "nul_character";
        case event_code::lone_surrogate: return "lone_surrogate";
        case event_code::invalid_utf8: return "invalid_utf8";
        case event_code::number_out_of_range: return "number_out_of_range";
        case event_code::number_too_long: return "number_too_long";
        case event_code::too_deep: return "too_deep";
        case event_code::event_too_large: return "event_too_large";
        case event_code::duplicate_in_batch: return "duplicate_in_batch";
    }
    return "unknown";
}

}  // namespace nd::schema
