// An id of our own for a call or a batch: a random UUID as text.
#pragma once

#include "base/random.hpp"
#include "schema/uuid.hpp"

#include <string>

namespace nd::workers {

[[nodiscard]] inline std::string random_id() {
    schema::uuid id;
    base::fill_random(id.bytes);
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0fU) | 0x40U);  // version 4
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
    return schema::to_string(id);
}

}  // namespace nd::workers
