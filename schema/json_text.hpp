// The inside of a JSON string: its escapes, judged and undone. Pure; called by json_cursor for the
// strings that hold a backslash at all.
#pragma once

#include <cstddef>
#include <string_view>

namespace nd::schema {

enum class text_fault {
    none,
    bad_escape,      // the document is not JSON
    nul,             // \u0000: JSON, but nothing that Postgres stores
    lone_surrogate,  // JSON by its grammar, but no UTF-8 exists for it
};

struct text_verdict {
    std::size_t size = 0;  // bytes written
    text_fault fault = text_fault::none;
    std::size_t at = 0;  // where in `inner` the fault is
};

// Writes the unescaped text to `out`, which has room for inner.size() bytes (it never grows). The
// first fault is kept, except that bad_escape outweighs the others; after another fault than
// bad_escape the rest is still judged, and what is written is not to be used.
[[nodiscard]] text_verdict unescape(std::string_view inner, char* out) noexcept;

}  // namespace nd::schema
