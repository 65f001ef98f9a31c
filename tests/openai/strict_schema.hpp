// Whether a JSON schema is one that strict structured output takes: the documented subset, with the
// older and narrower bounds (5 levels, 100 members, 500 enum values), so that what passes here
// passes with every model. Pure.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace nd::tests {

// nullopt: it is. Otherwise a sentence that says where it is not.
[[nodiscard]] std::optional<std::string> fault_in_strict_schema(const boost::json::value& schema);

}  // namespace nd::tests
