#include "ingest/request_id.hpp"

#include "base/random.hpp"
#include "schema/uuid.hpp"

#include <cstring>
#include <span>

namespace nd::ingest {

request_ids::request_ids() {
    std::array<std::uint8_t, 64> noise{};
    base::fill_random(noise);
    std::seed_seq seed(noise.begin(), noise.end());
    engine_.seed(seed);
}

request_id request_ids::next() {
    const std::array<std::uint64_t, 2> words{engine_(), engine_()};
    schema::uuid id;
    static_assert(sizeof id.bytes == sizeof words);
    std::memcpy(id.bytes.data(), words.data(), sizeof words);
    id.bytes[6] = static_cast<std::uint8_t>(0x40U | (id.bytes[6] & 0x0fU));  // version 4
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3fU));  // RFC 9562's variant
    request_id made;
    schema::write_uuid(id, made.text);
    return made;
}

}  // namespace nd::ingest
