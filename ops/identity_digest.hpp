// The order-independent digest of a set of events, Kafka's side: the sum, modulo 2^64, of a hash of
// each event's identity. Postgres adds up the same in SQL (nd.identity_hash, migration 010), which
// a test holds against this. Sums of parts can be added and subtracted. Pure; called by the audit.
#pragma once

#include "schema/ids.hpp"
#include "schema/instant.hpp"

#include <cstdint>
#include <string>

namespace nd::ops {

// uuid_hash_extended of the event's id, seeded with that of the tenant's, seeded with
// timestamp_hash_extended of the time: functions that hash partitioning keeps the same from version
// to version. Not cryptographic: who chooses ids can make two of their own events look alike, and
// hides nothing of anybody else's by it. With sha256 Postgres needed eight times as long.
[[nodiscard]] std::uint64_t identity_hash(const schema::tenant_id& tenant,
                                          schema::instant occurred_at,
                                          const schema::event_id& event);

// How many identities, and the sum of their hashes: equal sets have equal sums, and sets that
// differ by chance have them with a probability of 2^-64.
struct identity_sum {
    std::uint64_t count = 0;
    std::uint64_t digest = 0;

    void add(std::uint64_t hash) {
        ++count;
        digest += hash;
    }
    identity_sum& operator+=(const identity_sum& other) {
        count += other.count;
        digest += other.digest;
        return *this;
    }
    // The counts may go below 0 and wrap; a sum that went below is equal to no other's.
    identity_sum& operator-=(const identity_sum& other) {
        count -= other.count;
        digest -= other.digest;
        return *this;
    }
    friend identity_sum operator+(identity_sum a, const identity_sum& b) { return a += b; }
    friend identity_sum operator-(identity_sum a, const identity_sum& b) { return a -= b; }
    friend bool operator==(const identity_sum&, const identity_sum&) = default;
};

// 16 hexadecimal digits, for people and JSON (whose numbers are doubles to some).
[[nodiscard]] std::string digest_text(const identity_sum& sum);

}  // namespace nd::ops
