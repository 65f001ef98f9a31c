// What comes to the stand-in and what it says, below HTTP. Pure.
#pragma once

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::tests {

struct stub_request {
    std::string method;
    std::string path;   // without its query
    std::string query;  // without the question mark
    std::string authorization;
    std::string content_type;
    std::string body;
};

struct stub_reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds delay{0};
    std::optional<std::size_t> cut;  // so many bytes of the body, then the connection ends
    bool silent = false;             // the connection ends instead of an answer
    bool held = false;               // not before the test lets go of it
};

// As the service words a refusal. Empty `param` and `code` are null.
struct stub_error {
    int status = 400;
    std::string message;
    std::string type = "invalid_request_error";
    std::string param{};
    std::string code{};

    [[nodiscard]] boost::json::object to_json() const;  // {"error": ..}
    [[nodiscard]] stub_reply to_reply() const;
};

[[nodiscard]] stub_reply json_reply(const boost::json::object& body);

}  // namespace nd::tests
