// The address of a service that we call: https://host[:port][/path]. Pure. Used by https_client.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nd::base {

struct http_url {
    bool tls = true;
    std::string host;  // a name, or an IP address without brackets
    std::uint16_t port = 443;
    std::string path;  // what it begins with: empty or "/..." without a slash at its end

    // As the Host header says it: with brackets and a port where they are needed.
    [[nodiscard]] std::string authority() const;
};

// errc::invalid says what to change: no user, query or fragment is taken, and http:// only of this
// machine, because whatever is sent there carries a key in the clear.
[[nodiscard]] result<http_url> parse_http_url(std::string_view text);

}  // namespace nd::base
