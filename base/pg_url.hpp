// The parts of a Postgres URL (or key=value string), read by libpq itself so that nothing is
// understood differently. Called before every connection, by the programs' settings and by ndctl.
// Connects to nothing; the password goes nowhere but into what it returns.
#pragma once

#include "base/result.hpp"

#include <string>

namespace nd::base::pg {

struct connection_url {
    std::string user;
    std::string password;
    std::string host;
    std::string database;
};

// Error invalid saying the form that is wanted, never repeating the text: a password may be in it.
[[nodiscard]] result<connection_url> parse_connection_url(const std::string& text);

// The same as a check of a setting: what is wrong, or "".
[[nodiscard]] std::string url_problem(const std::string& text);

}  // namespace nd::base::pg
