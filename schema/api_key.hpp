// nd_live_ or nd_test_ + 30 random base62 characters + 6 base62 characters of CRC32 over all that
// precedes. The checksum catches typing errors before any lookup; it is no control (an attacker
// computes it too). Called by the edge and ndctl.
#pragma once

#include "schema/environment.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace nd::schema {

inline constexpr std::size_t api_key_prefix_length = 8;
inline constexpr std::size_t api_key_random_length = 30;
inline constexpr std::size_t api_key_length = 44;

enum class key_fault {
    malformed,  // not the shape of a key at all
    checksum,   // the right shape with a wrong checksum: mistyped or cut
};
// One sentence for the 401's detail; never repeats the key.
[[nodiscard]] std::string_view to_sentence(key_fault fault) noexcept;
[[noreturn]] void throw_exception_from_error(key_fault fault, const boost::source_location& where);

struct api_key {
    environment env = environment::live;
    std::string_view text;  // the whole key, as it was given; what the HMAC is taken over
};
[[nodiscard]] boost::system::result<api_key, key_fault> parse_api_key(
    std::string_view text) noexcept;

// Fills the span with random bytes; base::fill_random in programs, an engine in tests.
using random_source = std::function<void(std::span<std::uint8_t>)>;
[[nodiscard]] std::string make_api_key(environment env, const random_source& random);

// What is kept beside the HMAC to show which key is meant. The key must be well-formed.
[[nodiscard]] constexpr std::string_view display_prefix(std::string_view key) noexcept {
    return key.substr(0, api_key_prefix_length);
}
[[nodiscard]] constexpr std::string_view display_last4(std::string_view key) noexcept {
    return key.substr(key.size() - 4);
}

}  // namespace nd::schema
