// What never changes between requests: the instructions, and the schema of the answer. They come
// first in each request, so that the service can reuse its work on them. Their version is part of
// what an enrichment is known by: another one makes pages be asked about again.
#pragma once

#include <string_view>

namespace nd::model {

extern const std::string_view enrich_instructions;
extern const std::string_view enrich_schema;  // JSON
inline constexpr int enrich_version = 1;

}  // namespace nd::model
