#include "schema/json_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

namespace nd::schema {
namespace {

// For \" \\ \/ \b \f \n \r \t; 0 for everything else.
constexpr char short_escape(char c) {
    switch (c) {
        case '"': return '"';
        case '\\': return '\\';
        case '/': return '/';
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return 0;
    }
}

// The four digits after \u.
std::optional<std::uint32_t> hex4(std::string_view text) {
    if (text.size() < 4) return std::nullopt;
    std::uint32_t unit = 0;
    for (const char c : text.substr(0, 4)) {
        std::uint32_t digit = 0;
        if (c >= '0' && c <= '9')
            digit = static_cast<std::uint32_t>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        else
            return std::nullopt;
        unit = unit << 4 | digit;
    }
    return unit;
}

constexpr bool is_high(std::uint32_t unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}
constexpr bool is_low(std::uint32_t unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

char* write_utf8(char* out, std::uint32_t point) {
    const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
    const auto put_rest = [&put, point](unsigned shift) { put(0x80 | (point >> shift & 0x3f)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xc0 | point >> 6);
        put_rest(0);
    } else if (point < 0x10000) {
        put(0xe0 | point >> 12);
        put_rest(6);
        put_rest(0);
    } else {
        put(0xf0 | point >> 18);
        put_rest(12);
        put_rest(6);
        put_rest(0);
    }
    return out;
}

struct code_point {
    std::uint32_t value = 0;
    std::size_t length = 0;  // of the escape or the pair of escapes; 0 = bad
    text_fault fault = text_fault::none;
};

// \uXXXX at the front of `text`, with the second half of its pair.
code_point take_unicode(std::string_view text) {
    const auto unit = hex4(text.substr(2));
    if (!unit) return {0, 0, text_fault::bad_escape};
    if (*unit == 0) return {0, 6, text_fault::nul};
    if (is_low(*unit)) return {0, 6, text_fault::lone_surrogate};
    if (!is_high(*unit)) return {*unit, 6, text_fault::none};
    const std::string_view next = text.substr(6);
    const auto low = next.starts_with("\\u") ? hex4(next.substr(2)) : std::nullopt;
    if (!low || !is_low(*low)) return {0, 6, text_fault::lone_surrogate};
    return {0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00), 12, text_fault::none};
}

// Any escape at the front of `text`, which starts with a backslash.
code_point take_escape(std::string_view text) {
    if (text.size() < 2) return {0, 0, text_fault::bad_escape};
    if (text[1] == 'u') return take_unicode(text);
    const char c = short_escape(text[1]);
    if (c == 0) return {0, 0, text_fault::bad_escape};
    return {static_cast<std::uint32_t>(c), 2, text_fault::none};
}

}  // namespace

text_verdict unescape(std::string_view inner, char* out) noexcept {
    text_verdict verdict;
    char* to = out;
    std::size_t at = 0;
    while (at < inner.size()) {
        const std::size_t escape = std::min(inner.find('\\', at), inner.size());
        std::memcpy(to, inner.data() + at, escape - at);
        to += escape - at;
        at = escape;
        if (at == inner.size()) break;
        const code_point point = take_escape(inner.substr(at));
        if (point.fault == text_fault::bad_escape) return {0, text_fault::bad_escape, at};
        if (point.fault == text_fault::none) {
            to = write_utf8(to, point.value);
        } else if (verdict.fault == text_fault::none) {
            verdict.fault = point.fault;
            verdict.at = at;
        }
        at += point.length;
    }
    verdict.size = static_cast<std::size_t>(to - out);
    return verdict;
}

}  // namespace nd::schema
