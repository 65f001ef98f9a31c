// Requests as text, for the contract tests: a good one, and each part of it replaceable.
#pragma once

#include "tests/support/http_client.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nd::tests {

// A version 4 UUID that no other call makes.
[[nodiscard]] std::string fresh_id();
// Now, or so many seconds later, as RFC 3339 in UTC.
[[nodiscard]] std::string time_text(std::int64_t seconds_from_now = 0);
// `extra` goes in before the closing brace: ,"page":"/x"
[[nodiscard]] std::string event(const std::string& extra = "");
[[nodiscard]] std::string batch(const std::string& events);
[[nodiscard]] std::string batch_of(std::size_t count);

struct request {
    std::string line = "POST /v1/events HTTP/1.1";
    std::string key;                                             // empty: no X-ND-Key
    std::string headers = "Content-Type: application/json\r\n";  // further lines, each with CRLF
    std::string body;
    bool length = true;  // Content-Length of the body

    [[nodiscard]] std::string text() const;
};

[[nodiscard]] request good_request(const std::string& key, std::size_t events = 2);

[[nodiscard]] std::string gzip(const std::string& plain, int window_bits = 15 + 16);
[[nodiscard]] std::string zstd(const std::string& plain, int window_log = 0);

// The body's member as text; "" when it is not there or the body is not JSON.
[[nodiscard]] std::string member(const http_answer& from, std::string_view name);
[[nodiscard]] boost::json::object json_of(const http_answer& from);

}  // namespace nd::tests
