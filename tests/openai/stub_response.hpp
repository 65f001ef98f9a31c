// The response object of the Responses API, with every member that its description requires. Pure.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace nd::tests {

enum class ending { completed, refusal, max_output_tokens, content_filter, failed };

struct stub_usage {
    std::int64_t input = 0;
    std::int64_t output = 0;
};
// As good a guess as any: a token is four bytes.
[[nodiscard]] stub_usage usage_for(const boost::json::object& body, const std::string& text);

// `text`: what the model wrote; of an incomplete answer, the first half of it is given.
[[nodiscard]] boost::json::object make_response(const boost::json::object& body,
                                                const std::string& id, std::int64_t created_at,
                                                const std::string& text, ending how);

}  // namespace nd::tests
