// Whether a value is what a schema of the strict subset describes: the stand-in must keep the
// promise of strict output, whatever a test asks of it. Pure.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace nd::tests {

[[nodiscard]] std::optional<std::string> fault_against_schema(const boost::json::value& value,
                                                              const boost::json::value& schema);

// The schema that a `$ref` of `root` names, or the one that has none. Throws when there is no such.
[[nodiscard]] const boost::json::object& follow_ref(const boost::json::value& schema,
                                                    const boost::json::value& root);

}  // namespace nd::tests
