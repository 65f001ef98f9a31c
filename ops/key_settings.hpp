// What a new key is to be allowed, from the words of the command line. Pure; `now` is an argument.
// Called by key and tenant.
#pragma once

#include "base/result.hpp"
#include "schema/environment.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nd::ops {

// Never, at a time, or so long after the database's now.
struct key_expiry {
    std::optional<std::string> at;  // RFC 3339 with zone
    std::optional<std::int64_t> in_seconds;
};

struct key_settings {
    schema::environment env = schema::environment::live;
    std::vector<std::string> scopes;
    std::vector<std::string> origins;
    bool browser_only = false;
    key_expiry expiry;
    std::optional<std::int64_t> rotated_from;
};

// As typed; empty means not given.
struct key_words {
    std::string environment = "live";
    std::string scopes = "events";
    std::vector<std::string> origins;
    bool browser_only = false;
    std::string expires;
};

// Error invalid lists every word that is wrong, one a line.
[[nodiscard]] base::result<key_settings> read_key_words(const key_words& words,
                                                        std::chrono::system_clock::time_point now);

// "events,chat" -> the scopes in the contract's order, each once.
[[nodiscard]] base::result<std::vector<std::string>> parse_scopes(const std::string& text);

// "never", "90d" or "2027-01-01T00:00:00Z", which must lie ahead.
[[nodiscard]] base::result<key_expiry> parse_expiry(const std::string& text,
                                                    std::chrono::system_clock::time_point now);

}  // namespace nd::ops
