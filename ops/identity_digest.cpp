#include "ops/identity_digest.hpp"

#include <fmt/format.h>
#include <boost/endian/conversion.hpp>

#include <bit>

namespace nd::ops {
namespace {

constexpr std::int64_t postgres_epoch_us = 946'684'800'000'000;  // 2000-01-01 after 1970-01-01

// Bob Jenkins' lookup3 as Postgres begins and seeds it (hash_bytes_extended in its
// common/hashfn.c, on a little-endian machine), for the two lengths that are needed here.
class postgres_hash {
  public:
    postgres_hash(std::uint32_t length, std::uint64_t seed)
        : a_(0x9e3779b9U + length + 3923095U), b_(a_), c_(a_) {
        if (seed == 0) return;
        a_ += static_cast<std::uint32_t>(seed >> 32);
        b_ += static_cast<std::uint32_t>(seed);
        stir();
    }

    void take(std::uint32_t first, std::uint32_t second, std::uint32_t third) {
        a_ += first;
        b_ += second;
        c_ += third;
        stir();
    }

    [[nodiscard]] std::uint64_t end_with(std::uint32_t last) {
        a_ += last;
        fold(c_, b_, 14);
        fold(a_, c_, 11);
        fold(b_, a_, 25);
        fold(c_, b_, 16);
        fold(a_, c_, 4);
        fold(b_, a_, 14);
        fold(c_, b_, 24);
        return static_cast<std::uint64_t>(b_) << 32 | c_;
    }

  private:
    static void fold(std::uint32_t& x, std::uint32_t y, int bits) {
        x = (x ^ y) - std::rotl(y, bits);
    }
    static void turn(std::uint32_t& x, std::uint32_t y, std::uint32_t& z, int bits) {
        x = (x - z) ^ std::rotl(z, bits);
        z += y;
    }
    void stir() {
        turn(a_, b_, c_, 4);
        turn(b_, c_, a_, 6);
        turn(c_, a_, b_, 8);
        turn(a_, b_, c_, 16);
        turn(b_, c_, a_, 19);
        turn(c_, a_, b_, 4);
    }

    std::uint32_t a_;
    std::uint32_t b_;
    std::uint32_t c_;
};

// uuid_hash_extended
std::uint64_t hash_of(const schema::uuid& id, std::uint64_t seed) {
    const auto* bytes = id.bytes.data();
    postgres_hash hash(16, seed);
    hash.take(boost::endian::load_little_u32(bytes), boost::endian::load_little_u32(bytes + 4),
              boost::endian::load_little_u32(bytes + 8));
    return hash.end_with(boost::endian::load_little_u32(bytes + 12));
}

// timestamp_hash_extended: a time and its negative must not meet.
std::uint64_t hash_of(schema::instant at, std::uint64_t seed) {
    const auto since = at.us - postgres_epoch_us;
    const auto high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(since) >> 32);
    const auto folded = static_cast<std::uint32_t>(since) ^ (since >= 0 ? high : ~high);
    return postgres_hash(4, seed).end_with(folded);
}

}  // namespace

std::uint64_t identity_hash(const schema::tenant_id& tenant, schema::instant occurred_at,
                            const schema::event_id& event) {
    return hash_of(event.value, hash_of(tenant.value, hash_of(occurred_at, 0)));
}

std::string digest_text(const identity_sum& sum) {
    return fmt::format("{:016x}", sum.digest);
}

}  // namespace nd::ops
