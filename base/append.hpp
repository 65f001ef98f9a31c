// Text put together from parts: append(out, "Content-Length: ", body.size(), "\r\n"). For lines
// that every request has, where a format string that is read again each time would cost more than
// the rest of the answer. Nothing fails but the allocation.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace nd::base {

inline void append_part(std::string& out, std::string_view text) {
    out.append(text);
}

template <std::integral Number>
void append_part(std::string& out, Number number) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
}

template <class... Parts>
void append(std::string& out, const Parts&... parts) {
    (append_part(out, parts), ...);
}

}  // namespace nd::base
