// Whether a value is what a schema of the strict subset describes: the stand-in must keep the
// promise of strict output, whatever a test asks of it. Pure; `$ref` is not followed.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace nd::tests {

[[nodiscard]] std::optional<std::string> fault_against_schema(const boost::json::value& value,
                                                              const boost::json::value& schema,
                                                              const std::string& where = "it");

}  // namespace nd::tests
