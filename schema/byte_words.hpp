// Looking at a short text eight bytes at a time: a page is some hundred texts of a dozen bytes
// each, and byte by byte they cost more than anything else that is done to them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace nd::schema {

namespace bytes {

inline constexpr std::uint64_t each = 0x0101010101010101;  // times a byte: that byte eight times
inline constexpr std::uint64_t top = 0x80 * each;

// The top bit of each byte that is below `limit`, which is at most 0x80. No byte touches another.
[[nodiscard]] constexpr std::uint64_t below(std::uint64_t word, std::uint8_t limit) noexcept {
    return ~(((word & ~top) + (0x80 - limit) * each) | word) & top;
}
[[nodiscard]] constexpr std::uint64_t equal(std::uint64_t word, char c) noexcept {
    return below(word ^ static_cast<unsigned char>(c) * each, 1);
}
[[nodiscard]] constexpr std::uint64_t digits(std::uint64_t word) noexcept {
    return below(word ^ '0' * each, 8) | equal(word, '8') | equal(word, '9');
}

template <class Unsigned>
[[nodiscard]] inline Unsigned load(const char* from) noexcept {
    Unsigned word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

}  // namespace bytes

// Whether `hits(word)` is not 0 for any eight bytes of the text. Bytes may be looked at twice, and
// those of a text shorter than eight stand among bytes of value `filler`, which must be no hit.
template <class Hits>
[[nodiscard]] inline bool any_byte(std::string_view text, char filler, Hits&& hits) noexcept {
    const char* at = text.data();
    const std::size_t size = text.size();
    if (size >= 8) {
        std::uint64_t found = 0;
        for (std::size_t i = 0; i + 8 <= size; i += 8)
            found |= hits(bytes::load<std::uint64_t>(at + i));
        return (found | hits(bytes::load<std::uint64_t>(at + size - 8))) != 0;
    }
    if (size >= 4) {
        const std::uint64_t low = bytes::load<std::uint32_t>(at);
        const std::uint64_t high = bytes::load<std::uint32_t>(at + size - 4);
        return hits(low | high << 32) != 0;
    }
    std::uint64_t word = static_cast<unsigned char>(filler) * bytes::each;
    for (std::size_t i = 0; i < size; ++i)
        word = word << 8 | static_cast<unsigned char>(at[i]);
    return hits(word) != 0;
}

// The same as ==, without a call for the few bytes that roles and sections have.
[[nodiscard]] inline bool same_text(std::string_view one, std::string_view other) noexcept {
    const std::size_t size = one.size();
    if (size != other.size()) return false;
    const char* const a = one.data();
    const char* const b = other.data();
    const auto differ = [a, b, size]<class Unsigned>(Unsigned) {
        const std::size_t last = size - sizeof(Unsigned);
        return (bytes::load<Unsigned>(a) ^ bytes::load<Unsigned>(b)) |
               (bytes::load<Unsigned>(a + last) ^ bytes::load<Unsigned>(b + last));
    };
    if (size > 16) return std::memcmp(a, b, size) == 0;
    if (size >= 8) return differ(std::uint64_t{}) == 0;
    if (size >= 4) return differ(std::uint32_t{}) == 0;
    for (std::size_t i = 0; i < size; ++i)
        if (a[i] != b[i]) return false;
    return true;
}

[[nodiscard]] inline bool has_digit(std::string_view text) noexcept {
    return any_byte(text, ' ', bytes::digits);
}

}  // namespace nd::schema
