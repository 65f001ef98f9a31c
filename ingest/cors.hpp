// The CORS headers. Any origin is echoed on every answer, errors too: without that a browser shows
// its page nothing but a network error. The 403 of a foreign origin is what enforces. Pure; called
// by reply.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nd::ingest {

// Appends header lines.
void write_cors(std::string& out, std::optional<std::string_view> origin);
// The further lines of a preflight's answer; `methods` as in Allow.
void write_preflight(std::string& out, std::string_view methods);

}  // namespace nd::ingest
