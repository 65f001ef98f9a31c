// The embedded scripts that make the database: roles.sql (a superuser runs it) and the numbered
// migrations (nd_migrate runs each in one transaction after SET ROLE nd_owner). ndctl migrate and
// the pg tests read them. Pure data.
#pragma once

#include <span>
#include <string_view>

namespace nd::sql {

extern const std::string_view roles;  // may be run again at any time

struct migration {
    int number;
    std::string_view name;
    std::string_view text;  // no BEGIN, no COMMIT, nothing that a transaction forbids
};

[[nodiscard]] std::span<const migration> migrations() noexcept;  // in order of number

}  // namespace nd::sql
