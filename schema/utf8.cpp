#include "schema/utf8.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

struct form {
    std::size_t length = 0;
    unsigned char second_from = 0x80;
    unsigned char second_to = 0xbf;
};

form form_of(unsigned char first) {
    if (first < 0x80) return {1};
    if (first < 0xc2) return {0};
    if (first < 0xe0) return {2};
    if (first == 0xe0) return {3, 0xa0, 0xbf};  // below: overlong
    if (first == 0xed) return {3, 0x80, 0x9f};  // above: surrogates
    if (first < 0xf0) return {3};
    if (first == 0xf0) return {4, 0x90, 0xbf};
    if (first < 0xf4) return {4};
    if (first == 0xf4) return {4, 0x80, 0x8f};  // above: beyond U+10FFFF
    return {0};
}

}  // namespace

std::size_t utf8_character(std::string_view text) noexcept {
    const form expected = form_of(static_cast<unsigned char>(text[0]));
    if (expected.length > text.size()) return 0;
    for (std::size_t i = 1; i < expected.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const unsigned char from = i == 1 ? expected.second_from : 0x80;
        const unsigned char to = i == 1 ? expected.second_to : 0xbf;
        if (byte < from || byte > to) return 0;
    }
    return expected.length;
}

void bad_utf8::blank(char* text, std::size_t size) {
    bad_.assign(size, false);
    for (std::size_t at = 0; at < size;) {
        const std::size_t length = utf8_character({text + at, size - at});
        if (length == 0) {
            bad_[at] = true;
            text[at] = '?';
        }
        at += std::max<std::size_t>(length, 1);
    }
}

std::size_t bad_utf8::first_in(std::size_t begin, std::size_t end) const noexcept {
    if (bad_.empty()) return end;
    const auto from = bad_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = bad_.begin() + static_cast<std::ptrdiff_t>(end);
    return begin + static_cast<std::size_t>(std::find(from, to, true) - from);
}

}  // namespace nd::schema
