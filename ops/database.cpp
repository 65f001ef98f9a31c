#include "ops/database.hpp"

#include "base/config.hpp"
#include "base/pg_url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {

base::result<base::pg::connection> open_database(const settings& from, std::string settings::*url,
                                                 std::chrono::milliseconds deadline) {
    if (auto given = require(from, {url}); !given) return given.error();
    const auto env = name_of(url).env;
    if (auto parts = base::pg::parse_connection_url(from.*url); !parts) {
        return base::failure(base::errc::invalid, fmt::format("{} {}", env, parts.error().detail));
    }
    auto opened = base::pg::connection::open(from.*url, {.application_name = "ndctl",
                                                         .connect_timeout = std::chrono::seconds(5),
                                                         .deadline = deadline});
    if (opened) return opened;
    auto problem = opened.error();
    problem.code =
        base::errc::unavailable;  // to an operator a closed door is as good as none: exit 3
    // libpq's own line breaks and indents, in a message that is one line.
    auto reason = problem.detail;
    std::replace_if(
        reason.begin(), reason.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
    reason.erase(std::unique(reason.begin(), reason.end(),
                             [](char a, char b) { return a == ' ' && b == ' '; }),
                 reason.end());
    problem.detail = fmt::format("{} ({}): {}", env, base::without_password(from.*url), reason);
    return problem;
}

}  // namespace nd::ops
