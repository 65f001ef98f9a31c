#include "schema/page_fingerprint.hpp"

#include "schema/byte_words.hpp"
#include "schema/folded_char.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <array>

namespace nd::schema {
namespace {

constexpr std::string_view purpose = "activationkit page 1";
constexpr std::size_t shortest_number = 3;

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end]))
        ++end;
    return end - at;
}

}  // namespace

structure_text::structure_text(std::string_view what_for, const tenant_id& tenant,
                               std::size_t expected)
    : bytes_(expected) {
    const auto& id = tenant.value.bytes;
    bytes_.make_room(what_for.size() + 1 + id.size());
    bytes_.put(what_for);
    bytes_.put('\0');
    bytes_.put({reinterpret_cast<const char*>(id.data()), id.size()});
}

// No text has a NUL in it, so one ends each. Most have no digit.
void structure_text::add(std::string_view text) {
    if (has_digit(text))
        add_with_numbers(text);
    else
        add_exactly(text);
}

void structure_text::add_with_numbers(std::string_view text) {
    bytes_.make_room(text.size() + 1);  // a number never gets longer
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t digits = digits_at(text, at);
        if (digits >= shortest_number) {
            bytes_.put(text.substr(from, at - from));
            bytes_.put('#');
            from = at + digits;
        }
        at += std::max<std::size_t>(digits, 1);
    }
    bytes_.put(text.substr(from));
    bytes_.put('\0');
}

void structure_text::add_exactly(std::string_view text) {
    bytes_.make_room(text.size() + 1);
    bytes_.put(text);
    bytes_.put('\0');
}

void structure_text::add(std::uint32_t number) {
    std::array<char, 4> big_endian{};
    boost::endian::store_big_u32(reinterpret_cast<unsigned char*>(big_endian.data()), number);
    bytes_.make_room(big_endian.size());
    bytes_.put({big_endian.data(), big_endian.size()});
}

page_fingerprint structure_text::hash() const {
    return {base::sha256(bytes_.view())};
}

page_fingerprint fingerprint_of(const tenant_id& tenant, const safe_page& page) {
    constexpr std::size_t usual_element = 64;
    structure_text text(purpose, tenant, page.elements().size() * usual_element);
    text.add(page.page());
    text.add(page.title());
    for (const auto& element : page.elements()) {
        text.add(element.parent);  // numbers of document order, not the sender's refs
        text.add_exactly(to_string(element.role));
        text.add(element.name);
        text.add(element.section);
    }
    return text.hash();
}

std::string to_string(const page_fingerprint& fingerprint) {
    return base::to_hex(fingerprint.bytes);
}

std::optional<page_fingerprint> parse_page_fingerprint(std::string_view hex) noexcept {
    page_fingerprint made;
    if (hex.size() != 2 * made.bytes.size() || !std::ranges::all_of(hex, is_hex))
        return std::nullopt;
    const auto value = [hex](std::size_t i) {
        return is_digit(hex[i]) ? hex[i] - '0' : lower(hex[i]) - 'a' + 10;
    };
    for (std::size_t i = 0; i < made.bytes.size(); ++i)
        made.bytes[i] = static_cast<std::uint8_t>(value(2 * i) << 4 | value(2 * i + 1));
    return made;
}

}  // namespace nd::schema
