// The API's description, schema/openapi.yaml, as the programs serve it on their admin port.
// Embedded at build.
#pragma once

#include <string_view>

namespace nd::schema {

extern const std::string_view openapi_yaml;

}  // namespace nd::schema
