#include "schema/uuid.hpp"

#include <cstring>

namespace nd::schema {
namespace {

constexpr std::uint8_t no_digit = 0xff;

constexpr auto hex_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (unsigned i = 0; i < 10; ++i)
        values['0' + i] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 6; ++i) {
        values['a' + i] = static_cast<std::uint8_t>(10 + i);
        values['A' + i] = static_cast<std::uint8_t>(10 + i);
    }
    return values;
}();

// Where the first digit of each byte stands among the hyphens.
constexpr std::array<std::uint8_t, 16> places = {0,  2,  4,  6,  9,  11, 14, 16,
                                                 19, 21, 24, 26, 28, 30, 32, 34};

constexpr std::uint8_t digit(char c) {
    return hex_values[static_cast<unsigned char>(c)];
}

}  // namespace

std::optional<uuid> parse_uuid(std::string_view text) noexcept {
    if (text.size() != uuid_length) return std::nullopt;
    if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
        return std::nullopt;
    }
    uuid id;
    unsigned wrong = 0;  // gathered instead of tested: good input has no branch per digit
    for (std::size_t i = 0; i < places.size(); ++i) {
        const unsigned high = digit(text[places[i]]);
        const unsigned low = digit(text[places[i] + 1u]);
        wrong |= high | low;
        id.bytes[i] = static_cast<std::uint8_t>((high << 4 | low) & 0xff);
    }
    if (wrong & 0xf0) return std::nullopt;
    return id;
}

void write_uuid(const uuid& id, std::span<char, uuid_length> out) noexcept {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const std::size_t hyphen : {8u, 13u, 18u, 23u})
        out[hyphen] = '-';
    for (std::size_t i = 0; i < places.size(); ++i) {
        out[places[i]] = digits[id.bytes[i] >> 4];
        out[places[i] + 1u] = digits[id.bytes[i] & 0x0f];
    }
}

std::string to_string(const uuid& id) {
    std::array<char, uuid_length> text{};
    write_uuid(id, text);
    return {text.data(), text.size()};
}

}  // namespace nd::schema

// Ids of version 7 share their first bytes and clients may choose all of them, so both halves are
// mixed. It spreads; it does not hold against someone who looks for collisions.
std::size_t std::hash<nd::schema::uuid>::operator()(const nd::schema::uuid& id) const noexcept {
    std::uint64_t half[2];
    std::memcpy(half, id.bytes.data(), sizeof half);
    std::uint64_t mixed = (half[0] ^ (half[1] * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u;
    mixed ^= mixed >> 32;
    return static_cast<std::size_t>(mixed * 0x94d049bb133111ebu >> 8);
}
