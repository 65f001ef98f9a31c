// Which of our error classes a SQLSTATE is: the one place that decides between "again", "poison"
// and "an operator must look". base/pg.cpp calls it for every refused statement; nothing else maps
// SQLSTATEs. Pure; never fails.
// - conflict: 40 (deadlock, serialization): try again at once.
// - unavailable: 08 25 53 55 57 58, and a lost or silent connection: try again for ever, slowly.
// - data: 22 23 54000: the values themselves; the same values fail again.
// - internal: ND, the checks of our own procedures: park.
// - refused: everything else (rights, missing objects, syntax): park.
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace nd::base::pg {

// What we report when the connection was lost or did not answer, where Postgres could not say a
// SQLSTATE itself.
inline constexpr std::string_view connection_failure = "08006";

[[nodiscard]] errc errc_of_sqlstate(std::string_view sqlstate) noexcept;

// The five characters behind "FATAL:  " at the end of what libpq says with PQERRORS_SQLSTATE; ""
// when no server has spoken last.
[[nodiscard]] std::string_view sqlstate_at_end(std::string_view message) noexcept;

}  // namespace nd::base::pg
