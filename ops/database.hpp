// Opens Postgres with one of the configured URLs. Called by every command that needs the database;
// tells in one sentence which URL did not work and why, without its password.
#pragma once

#include "base/pg.hpp"
#include "ops/settings.hpp"

namespace nd::ops {

// A statement may take as long as it takes: migrations and the moving of rows.
inline constexpr std::chrono::milliseconds no_deadline{0};

// Errors: invalid when the variable is missing or no URL, unavailable when Postgres does not let us
// in.
[[nodiscard]] base::result<base::pg::connection> open_database(
    const settings& from, std::string settings::*url,
    std::chrono::milliseconds deadline = std::chrono::seconds(60));

}  // namespace nd::ops
