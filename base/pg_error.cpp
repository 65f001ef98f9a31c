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

}  // namespace nd::base::pg
