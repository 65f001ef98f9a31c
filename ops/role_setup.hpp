// Runs sql/roles.sql as a superuser and gives the login roles the passwords that the configured
// URLs carry, as SCRAM verifiers made on this side. Called by migrate --roles only. It never prints
// or sends a password.
#pragma once

#include "base/result.hpp"
#include "ops/settings.hpp"

#include <string>
#include <vector>

namespace nd::ops {

// The roles whose password was set. Errors: invalid when a URL logs in as another role than its
// name says, unavailable, refused.
[[nodiscard]] base::result<std::vector<std::string>> set_up_roles(const settings& from);

// The role that a URL must log in as: ND_WRITER_DATABASE_URL -> nd_writer.
[[nodiscard]] std::string expected_role(std::string settings::*url);

// Pure: which roles get which password; error invalid lists every URL that is wrong.
struct role_password {
    std::string role;
    std::string password;
};
[[nodiscard]] base::result<std::vector<role_password>> planned_passwords(const settings& from);

}  // namespace nd::ops
