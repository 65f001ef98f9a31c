#include "ingest/request_id.hpp"

#include "base/random.hpp"

#include <span>

namespace nd::ingest {

request_ids::request_ids() {
    std::array<std::uint8_t, 64> noise{};
    base::fill_random(noise);
    std::seed_seq seed(noise.begin(), noise.end());
    engine_.seed(seed);
}

request_id request_ids::next() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint64_t, 2> words{engine_(), engine_()};
    words[0] = (words[0] & ~0xf000ULL) | 0x4000ULL;                         // version 4
    words[1] = (words[1] & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;  // variant 1
    request_id made;
    std::size_t at = 0;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) made.text[at++] = '-';
        const auto word = words[static_cast<std::size_t>(nibble / 16)];
        made.text[at++] = digits[(word >> (60 - 4 * (nibble % 16))) & 0xf];
    }
    return made;
}

}  // namespace nd::ingest
