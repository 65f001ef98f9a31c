#include "ops/identity_digest.hpp"

#include "base/hmac.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace nd::ops {
namespace {

constexpr std::int64_t postgres_epoch_us = 946'684'800'000'000;  // 2000-01-01 after 1970-01-01

}  // namespace

std::uint64_t identity_hash(const schema::tenant_id& tenant, schema::instant occurred_at,
                            const schema::event_id& event) {
    std::array<char, 40> bytes{};
    std::memcpy(bytes.data(), tenant.value.bytes.data(), 16);
    const auto since = static_cast<std::uint64_t>(occurred_at.us - postgres_epoch_us);
    for (std::size_t i = 0; i < 8; ++i)
        bytes[16 + i] = static_cast<char>(since >> (56 - 8 * i));
    std::memcpy(bytes.data() + 24, event.value.bytes.data(), 16);
    const auto whole = base::sha256({bytes.data(), bytes.size()});
    std::uint64_t first = 0;
    for (std::size_t i = 0; i < 8; ++i)
        first = first << 8 | whole[i];
    return first;
}

std::string digest_text(const identity_sum& sum) {
    return fmt::format("{:016x}", sum.digest);
}

}  // namespace nd::ops
