// Which bodies are taken at all, judged from the header fields alone: media type and content
// coding. Pure; called by post_events.
#pragma once

#include <optional>
#include <string_view>

namespace nd::ingest {

enum class coding { identity, gzip, zstd };

// application/json with any parameters. A missing Content-Type is not JSON: a browser's form or
// beacon sends none of ours.
[[nodiscard]] bool is_json(std::optional<std::string_view> content_type);

// The one coding named, or nothing when it is unknown or when there are several. An absent header
// is identity.
[[nodiscard]] std::optional<coding> coding_of(std::string_view content_encoding);

}  // namespace nd::ingest
