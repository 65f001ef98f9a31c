// Refuses a body of POST /v1/responses that the real service would refuse: unknown and misspelt
// members, wrong types, unknown models, schemas that strict output does not take. Pure.
#pragma once

#include "tests/openai/stub_message.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <set>
#include <string>

namespace nd::tests {

[[nodiscard]] std::optional<stub_error> fault_in_response_body(const boost::json::value& body,
                                                               const std::set<std::string>& models);

// At most 16 pairs of text, of 64 and 512 characters. `param` is the member's name.
[[nodiscard]] std::optional<stub_error> fault_in_metadata(const boost::json::value& metadata,
                                                          const std::string& param);

}  // namespace nd::tests
