#include "bench/event_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace nd::bench {
namespace {

// Where the string value of a member begins, and its length.
std::optional<std::pair<std::size_t, std::size_t>> value_of(std::string_view line,
                                                            std::string_view member) {
    const auto name = fmt::format("\"{}\":\"", member);
    const auto at = line.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    const auto begin = at + name.size();
    const auto end = line.find('"', begin);
    if (end == std::string_view::npos || line[end - 1] == '\\') return std::nullopt;
    return std::pair(begin, end - begin);
}

constexpr std::string_view digits = "0123456789abcdef";

// A number's 62 bits in another order of all such numbers, and back. Identities that count up are
// unlike those of any client: a table that hashes them may do far worse with them, or far better.
constexpr std::uint64_t all_bits = ~std::uint64_t{0} >> 2;
constexpr std::uint64_t factor = 0xbf58476d1ce4e5b9;

constexpr std::uint64_t inverse_of(std::uint64_t odd) {
    auto inverse = odd;  // right in its last three bits, and each step doubles them
    for (int step = 0; step < 5; ++step)
        inverse *= 2 - odd * inverse;
    return inverse;
}
static_assert(factor * inverse_of(factor) == 1);

constexpr std::uint64_t fold(std::uint64_t n) {
    return n ^ (n >> 31);  // its own inverse: 31 is half of the bits
}

constexpr std::uint64_t scatter(std::uint64_t n) {
    return fold((fold((fold(n & all_bits) * factor) & all_bits) * factor) & all_bits);
}

constexpr std::uint64_t gather(std::uint64_t n) {
    constexpr auto back = inverse_of(factor);
    return fold((fold((fold(n & all_bits) * back) & all_bits) * back) & all_bits);
}

}  // namespace

std::optional<event_template> event_template::from(std::string_view line) {
    if (line.empty() || line.front() != '{' || line.back() != '}') return std::nullopt;
    const auto time = value_of(line, "occurred_at");
    if (!time) return std::nullopt;
    std::string text(line);
    text.replace(time->first, time->second, std::string(time_length, '0'));
    const auto id = value_of(text, "event_id");
    const auto moved = value_of(text, "occurred_at");
    if (!id || id->second != id_length) return std::nullopt;
    return event_template(std::move(text), id->first, moved->first);
}

void event_template::append(std::string& to, std::string_view id, std::string_view time) const {
    const auto at = to.size();
    to += text_;
    std::copy_n(id.data(), id_length, to.data() + at + id_at_);
    std::copy_n(time.data(), time_length, to.data() + at + time_at_);
}

// The run's half keeps the version (4), the event's half the variant of RFC 9562.
void fresh_ids::write(std::uint64_t n, std::span<char, id_length> out) const {
    const auto high = (run_ & ~std::uint64_t{0xf000}) | 0x4000;
    const auto low = scatter(n) | (std::uint64_t{1} << 63);
    std::size_t at = 0;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) out[at++] = '-';
        const auto half = nibble < 16 ? high : low;
        out[at++] = digits[(half >> (60 - 4 * (nibble % 16))) & 0xf];
    }
}

std::optional<std::uint64_t> fresh_ids::number_of(std::string_view id) const {
    if (id.size() != id_length) return std::nullopt;
    const auto text = std::string(id.substr(19, 4)) + std::string(id.substr(24));
    std::uint64_t low = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), low, 16).ec != std::errc())
        return std::nullopt;
    const auto n = gather(low);
    std::array<char, id_length> expected{};
    write(n, expected);
    if (!std::equal(expected.begin(), expected.end(), id.begin())) return std::nullopt;
    return n;
}

}  // namespace nd::bench
