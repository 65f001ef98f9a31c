// What the key commands do, apart from the command line: create, list, rotate, revoke. Called by
// key_command.
#pragma once

#include "ops/key_settings.hpp"
#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <string>

namespace nd::ops {

struct key_create_options {
    std::string tenant;
    key_words words;
};
struct key_choice {
    std::string tenant;
    std::int64_t id = 0;
};
struct key_rotate_options {
    key_choice key;
    std::string grace = "24h";
    std::string expires;  // of the successor; empty = as the old key
};

[[nodiscard]] base::result<report> create_key(const settings& from,
                                              const key_create_options& options);
[[nodiscard]] base::result<report> list_keys(const settings& from, const std::string& tenant);
[[nodiscard]] base::result<report> rotate_key(const settings& from,
                                              const key_rotate_options& options);
[[nodiscard]] base::result<report> revoke_key(const settings& from, const key_choice& key);

}  // namespace nd::ops
