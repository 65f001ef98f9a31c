#include "base/pg_array.hpp"

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>

namespace nd::base::pg {
namespace {

// Header: dimensions, has-null flag, element type, then per dimension its length and lower bound;
// four bytes each.
constexpr std::size_t header_size = 20;
constexpr std::size_t at_dimensions = 0;
constexpr std::size_t at_has_null = 4;
constexpr std::size_t at_oid = 8;
constexpr std::size_t at_length = 12;
constexpr std::size_t at_lower_bound = 16;
constexpr std::uint32_t null_length = 0xffffffffU;

// Microseconds between 1970-01-01 and 2000-01-01, where Postgres counts from.
constexpr std::int64_t postgres_epoch = 946'684'800'000'000;

// Most significant byte first. One store: this runs some twenty times per event.
template <std::unsigned_integral T>
void put(std::uint8_t* to, T value) {
    if constexpr (std::endian::native == std::endian::little) {
        if constexpr (sizeof(T) == 4) {
            value = __builtin_bswap32(value);
        } else {
            value = __builtin_bswap64(value);
        }
    }
    std::memcpy(to, &value, sizeof value);
}

}  // namespace

binary_array::binary_array(std::uint32_t element_oid) : oid_(element_oid) {
    clear();
}

void binary_array::clear() {
    // An empty array has no dimension, but leaves the place for one so that adding never moves
    // bytes: Postgres reads a first dimension of length 0 as the empty array too.
    count_ = 0;
    used_ = header_size;
    if (bytes_.size() < used_) {
        bytes_.resize(used_);
    }
    put(&bytes_[at_dimensions], std::uint32_t{1});
    put(&bytes_[at_has_null], std::uint32_t{0});
    put(&bytes_[at_oid], oid_);
    put(&bytes_[at_length], count_);
    put(&bytes_[at_lower_bound], std::uint32_t{1});
}

// Room for one more element and its length, counted. The bytes beyond `used_` stay from batch to
// batch, so that a full array is neither allocated nor zeroed again.
std::uint8_t* binary_array::grow(std::size_t element_size) {
    const std::size_t needed = used_ + 4 + element_size;
    if (needed > bytes_.size()) {
        bytes_.resize(std::max(needed, 2 * bytes_.size()));
    }
    std::uint8_t* at = &bytes_[used_];
    used_ = needed;
    put(&bytes_[at_length], ++count_);
    return at;
}

void binary_array::add_null() {
    put(grow(0), null_length);
    put(&bytes_[at_has_null], std::uint32_t{1});
}

void binary_array::add(std::span<const std::uint8_t> element) {
    std::uint8_t* at = grow(element.size());
    put(at, static_cast<std::uint32_t>(element.size()));
    if (!element.empty()) {
        std::memcpy(at + 4, element.data(), element.size());
    }
}

void binary_array::add_number(std::uint32_t value) {
    std::uint8_t* at = grow(sizeof value);
    put(at, static_cast<std::uint32_t>(sizeof value));
    put(at + 4, value);
}

void binary_array::add_number(std::uint64_t value) {
    std::uint8_t* at = grow(sizeof value);
    put(at, static_cast<std::uint32_t>(sizeof value));
    put(at + 4, value);
}

// The element types' numbers in pg_type are fixed for ever: clients depend on them.
uuid_array::uuid_array() : binary_array(2950) {}
timestamptz_array::timestamptz_array() : binary_array(1184) {}
text_array::text_array() : binary_array(25) {}
int4_array::int4_array() : binary_array(23) {}
int8_array::int8_array() : binary_array(20) {}
bytea_array::bytea_array() : binary_array(17) {}

void timestamptz_array::add(std::int64_t unix_microseconds) {
    add_number(static_cast<std::uint64_t>(unix_microseconds - postgres_epoch));
}

void text_array::add(std::string_view text) {
    binary_array::add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void int4_array::add(std::int32_t value) {
    add_number(static_cast<std::uint32_t>(value));
}

void int8_array::add(std::int64_t value) {
    add_number(static_cast<std::uint64_t>(value));
}

namespace {

// One element, from `at` to the comma or brace after it.
std::optional<std::string> read_element(std::string_view text, std::size_t& at) {
    std::string element;
    if (text[at] != '"') {
        while (at + 1 < text.size() && text[at] != ',') {
            element += text[at++];
        }
        return element == "NULL" ? std::nullopt : std::optional(std::move(element));
    }
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') {
            ++at;
        }
        if (at < text.size()) {
            element += text[at];
        }
    }
    ++at;
    return element;
}

}  // namespace

result<std::vector<std::optional<std::string>>> parse_array(std::string_view text) {
    std::vector<std::optional<std::string>> elements;
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') {
        return failure(errc::invalid,
                       "not an array of one dimension: " + std::string(text.substr(0, 40)));
    }
    std::size_t at = 1;
    while (at + 1 < text.size()) {
        elements.push_back(read_element(text, at));
        if (at >= text.size() || (text[at] != ',' && at + 1 != text.size())) {
            return failure(errc::invalid,
                           "not an array of one dimension: " + std::string(text.substr(0, 40)));
        }
        ++at;
    }
    return elements;
}

}  // namespace nd::base::pg
