#include "schema/fold_text.hpp"

#include "schema/utf8.hpp"

#include <algorithm>
#include <array>

namespace nd::schema {
namespace {

struct range {
    char32_t from;
    char32_t to;
};

constexpr bool is_in(const auto& ranges, char32_t c) {
    return std::ranges::any_of(ranges, [c](range one) { return c >= one.from && c <= one.to; });
}

// They show nothing, and hide a secret from whoever looks for it.
constexpr std::array invisible = {
    range{0xad, 0xad},       range{0x34f, 0x34f},     range{0x61c, 0x61c},
    range{0x115f, 0x1160},   range{0x17b4, 0x17b5},   range{0x180b, 0x180f},
    range{0x200b, 0x200f},   range{0x202a, 0x202e},   range{0x2060, 0x206f},
    range{0x3164, 0x3164},   range{0xfe00, 0xfe0f},   range{0xfeff, 0xfeff},
    range{0xffa0, 0xffa0},   range{0xfff0, 0xfffb},   range{0x1bca0, 0x1bca3},
    range{0x1d173, 0x1d17a}, range{0xe0000, 0xe0fff},
};

// The zeros of the decimal digits of the living scripts; nine follow each.
constexpr std::array<char32_t, 37> zeros = {
    0x660,  0x6f0,  0x7c0,  0x966,  0x9e6,  0xa66,   0xae6,   0xb66,  0xbe6,  0xc66,
    0xce6,  0xd66,  0xde6,  0xe50,  0xed0,  0xf20,   0x1040,  0x1090, 0x17e0, 0x1810,
    0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0,  0x1c40,  0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xaa50, 0xabf0, 0xff10, 0x1d7ce, 0x1fbf0,
};

char digit(char32_t value) {
    return static_cast<char>('0' + value % 10);
}

// 0: c is no digit.
char digit_of(char32_t c) {
    if (c >= 0x1d7ce && c <= 0x1d7ff) return digit(c - 0x1d7ce);  // five alphabets of ten
    for (const char32_t zero : zeros) {
        if (c >= zero && c < zero + 10) return digit(c - zero);
    }
    if (c == 0xb2 || c == 0xb3) return digit(c - 0xb0);
    if (c == 0xb9) return '1';
    if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079)) return digit(c - 0x2070);
    if (c >= 0x2080 && c <= 0x2089) return digit(c - 0x2080);
    if (c >= 0x2460 && c <= 0x2468) return digit(c - 0x2460 + 1);  // in circles
    return 0;
}

// Letters that mathematics borrowed: 13 alphabets of 52 from 1d400. Also the ones in circles.
char letter_of(char32_t c) {
    if (c >= 0x1d400 && c <= 0x1d6a3) {
        const auto place = (c - 0x1d400) % 52;
        return static_cast<char>(place < 26 ? 'A' + place : 'a' + place - 26);
    }
    if (c >= 0x24b6 && c <= 0x24cf) return static_cast<char>('A' + (c - 0x24b6));
    if (c >= 0x24d0 && c <= 0x24e9) return static_cast<char>('a' + (c - 0x24d0));
    return 0;
}

constexpr std::array spaces = {range{0xa0, 0xa0},     range{0x1680, 0x1680}, range{0x2000, 0x200a},
                               range{0x2028, 0x2029}, range{0x202f, 0x202f}, range{0x205f, 0x205f},
                               range{0x3000, 0x3000}};
constexpr std::array dashes = {range{0x2010, 0x2015}, range{0x2043, 0x2043}, range{0x2212, 0x2212},
                               range{0xfe58, 0xfe58}, range{0xfe63, 0xfe63}, range{0x30fb, 0x30fc}};
constexpr std::array dots = {range{0xb7, 0xb7},     range{0x2022, 0x2022}, range{0x2024, 0x2024},
                             range{0x3002, 0x3002}, range{0xfe52, 0xfe52}, range{0xff61, 0xff61}};
constexpr std::array marks = {range{0xa1, 0xbf}, range{0x2016, 0x206f}, range{0x2190, 0x2bff},
                              range{0x3001, 0x3003}, range{0x3008, 0x301f}};

char look_of(char32_t c) {
    if (c < 0x80) return static_cast<char>(c);
    if (c >= 0xff01 && c <= 0xff5e) return static_cast<char>(c - 0xff01 + '!');
    if (is_in(spaces, c)) return ' ';
    if (is_in(dashes, c)) return '-';
    if (is_in(dots, c)) return '.';
    if (c == 0xfe6b) return '@';
    if (c == 0x2044 || c == 0x2215) return '/';
    if (c == 0xff1a || c == 0x2236 || c == 0xa789) return ':';
    if (const char found = digit_of(c)) return found;
    if (const char found = letter_of(c)) return found;
    return is_in(marks, c) ? folded_mark : folded_letter;
}

char32_t decode(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    char32_t c = character.size() == 1   ? first
                 : character.size() == 2 ? first & 0x1fu
                 : character.size() == 3 ? first & 0x0fu
                                         : first & 0x07u;
    for (const char next : character.substr(1))
        c = c << 6 | (static_cast<unsigned char>(next) & 0x3fu);
    return c;
}

bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

bool is_plain(char c) {
    return c >= 0x20 && c < 0x7f;
}

}  // namespace

folded_text fold_text(std::string_view text) {
    folded_text made;
    if (std::ranges::all_of(text, is_plain)) {
        made.shown = text;
        made.looks = text;
        return made;
    }
    made.shown.reserve(text.size());
    made.looks.reserve(text.size());
    while (!text.empty()) {
        if (is_plain(text[0])) {  // as most of it is, in any language that is written in Latin
            made.places.push_back(static_cast<std::uint32_t>(made.shown.size()));
            made.shown += text[0];
            made.looks += text[0];
            text.remove_prefix(1);
            continue;
        }
        const std::size_t length = std::max<std::size_t>(utf8_character(text), 1);
        const char32_t c = decode(text.substr(0, length));
        if (!is_in(invisible, c)) {
            made.places.push_back(static_cast<std::uint32_t>(made.shown.size()));
            if (is_control(c)) {
                made.shown += ' ';
                made.looks += ' ';
            } else {
                made.shown += text.substr(0, length);
                made.looks += look_of(c);
            }
        }
        text.remove_prefix(length);
    }
    made.places.push_back(static_cast<std::uint32_t>(made.shown.size()));
    return made;
}

}  // namespace nd::schema
