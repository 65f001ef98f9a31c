// Whether a key may be used from where the request says it comes from. Called by post_events after
// the key, before the limit. Pure. It is a control against copied keys in browsers only: a server
// can send any Origin it likes.
//
// A request without Origin comes from a server: allowed unless the key is for browsers only. `null`
// (sandboxed frames, files) is never allowed. A key without a list allows every other origin. An
// allowed origin is `scheme://host[:port]`, compared exactly: scheme and host in any case, default
// ports the same as none. Its host may start with the label `*.`, which stands for one or more
// labels: `https://*.example.com` allows `https://app.example.com`, not `https://example.com`.
#pragma once

#include "ingest/key_record.hpp"

#include <optional>
#include <string_view>

namespace nd::ingest {

enum class origin_verdict { allowed, missing, null, not_an_origin, foreign };

[[nodiscard]] origin_verdict check_origin(const key_record& key,
                                          std::optional<std::string_view> origin);

// The same as a problem that says what to change; nothing when allowed.
[[nodiscard]] std::optional<schema::problem> origin_refusal(const key_record& key,
                                                            std::optional<std::string_view> origin);

}  // namespace nd::ingest
