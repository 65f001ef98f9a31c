#include "schema/api_key.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace nd::schema {
namespace {

constexpr std::string_view base62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view live_prefix = "nd_live_";
constexpr std::string_view test_prefix = "nd_test_";
constexpr std::size_t checksum_length = 6;
constexpr std::size_t checked_length = api_key_length - checksum_length;
static_assert(checked_length == api_key_prefix_length + api_key_random_length);

constexpr bool is_base62(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::array<char, checksum_length> checksum_of(std::string_view checked) {
    boost::crc_32_type crc;
    crc.process_bytes(checked.data(), checked.size());
    std::uint32_t left = crc.checksum();
    std::array<char, checksum_length> text{};
    for (auto place = text.rbegin(); place != text.rend(); ++place) {
        *place = base62[left % base62.size()];
        left /= static_cast<std::uint32_t>(base62.size());
    }
    return text;
}

void append_random(std::string& key, const random_source& random) {
    // 248 is the largest multiple of 62 in a byte: bytes from there on would favour the first
    // digits.
    constexpr std::uint8_t usable = 248;
    std::array<std::uint8_t, 64> bytes{};
    while (key.size() < checked_length) {
        random(bytes);
        for (const std::uint8_t byte : bytes) {
            if (byte < usable && key.size() < checked_length) key += base62[byte % base62.size()];
        }
    }
}

}  // namespace

boost::system::result<api_key, key_fault> parse_api_key(std::string_view text) noexcept {
    if (text.size() != api_key_length) return key_fault::malformed;
    const bool live = text.starts_with(live_prefix);
    if (!live && !text.starts_with(test_prefix)) return key_fault::malformed;
    if (!std::all_of(text.begin() + api_key_prefix_length, text.end(), is_base62)) {
        return key_fault::malformed;
    }
    const auto checksum = checksum_of(text.substr(0, checked_length));
    if (text.substr(checked_length) != std::string_view(checksum.data(), checksum.size())) {
        return key_fault::checksum;
    }
    return api_key{live ? environment::live : environment::test, text};
}

std::string make_api_key(environment env, const random_source& random) {
    std::string key(env == environment::live ? live_prefix : test_prefix);
    append_random(key, random);
    const auto checksum = checksum_of(key);
    key.append(checksum.data(), checksum.size());
    return key;
}

std::string_view to_sentence(key_fault fault) noexcept {
    return fault == key_fault::malformed
               ? "X-ND-Key must be nd_live_ or nd_test_ followed by 36 letters and digits"
               : "the checksum of X-ND-Key is wrong: the key is mistyped or cut; copy it again";
}

void throw_exception_from_error(key_fault fault, const boost::source_location&) {
    throw std::logic_error(std::string("value() of a key that is refused: ") +
                           std::string(to_sentence(fault)));
}

}  // namespace nd::schema
