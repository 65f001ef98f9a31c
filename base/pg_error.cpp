#include "base/pg_error.hpp"

#include <algorithm>
#include <array>

namespace nd::base::pg {

errc errc_of_sqlstate(std::string_view sqlstate) noexcept {
    constexpr std::array<std::string_view, 6> away{"08", "25", "53", "55", "57", "58"};
    if (sqlstate.size() != 5) {
        return errc::internal;
    }
    const std::string_view group = sqlstate.substr(0, 2);
    if (group == "40") {
        return errc::conflict;
    }
    if (std::find(away.begin(), away.end(), group) != away.end()) {
        return errc::unavailable;
    }
    // Of class 54 only the bare code: 54001 (stack depth) and its kin speak of the statement, not
    // of the value.
    if (group == "22" || group == "23" || sqlstate == "54000") {
        return errc::data;
    }
    return group == "ND" ? errc::internal : errc::refused;
}

std::string_view sqlstate_at_end(std::string_view message) noexcept {
    constexpr std::string_view before = ":  ";
    constexpr std::size_t length = 5;
    if (message.size() < before.size() + length) return {};
    const auto state = message.substr(message.size() - length);
    message.remove_suffix(length);
    const bool plain = std::all_of(state.begin(), state.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    });
    return plain && message.ends_with(before) ? state : std::string_view();
}

}  // namespace nd::base::pg
