// One tenant's account in an audit: what Kafka's records ask for, what Postgres has, and what
// became of the rest. Pure: the audit's reader and its queries fill it, audit_report shows it.
//
//   due = stored + dead + dropped + erased + expired,   as counts and as digests
//
// `due` comes from Kafka and is hashed here; `stored` is counted and hashed in SQL. What is pending
// (beyond the watermark, or brought by a record that is) is on neither side.
#pragma once

#include "ops/identity_digest.hpp"
#include "ops/sighting.hpp"

#include <cstdint>
#include <map>

namespace nd::ops {

struct audit_account {
    // Kafka's side.
    std::uint64_t records = 0;    // that name an event, the pending ones too
    std::uint64_t repeats = 0;    // records beyond the first of their event
    std::uint64_t conflicts = 0;  // events that came with different payloads
    identity_sum due;
    identity_sum pending;

    // Postgres's side. With a range of times: everything that had arrived in it when it was asked.
    identity_sum arrived;
    // Asked for by primary key, only where due and arrived differ, or without times.
    bool looked_up = false;
    identity_sum inside;   // due, and arrived in the range
    identity_sum outside;  // due, but first arrived before the range: repeats of older events
    identity_sum pending_inside;  // not due, but there already when they were asked for

    // Due and no row.
    identity_sum dead;     // an open dead letter
    identity_sum dropped;  // a dead letter that the operator has dropped
    identity_sum erased;
    identity_sum expired;
    identity_sum missing;
    // Rows that no record explains.
    identity_sum spurious;
};

// An ordered map: reports and SQL go tenant by tenant, as the sorted records do.
using audit_accounts = std::map<schema::tenant_id, audit_account>;

// What Kafka brought of one event.
void take(audit_account& into, const seen_event& event);

// A due event without a row, whose letter became a record that is not due: it is pending.
void postpone(audit_account& in, std::uint64_t hash);

// Whether the sums alone prove nothing, so that the identities must be asked for one by one.
[[nodiscard]] bool needs_lookup(const audit_account& of, bool by_time);

// The rows that arrived in the range and are neither due nor pending. Not empty is only a
// suspicion: pending ones are stored while the audit runs.
[[nodiscard]] identity_sum surplus(const audit_account& of);

// The two sides of the equation.
[[nodiscard]] identity_sum wanted(const audit_account& of);
[[nodiscard]] identity_sum stored(const audit_account& of);
[[nodiscard]] bool is_equal(const audit_account& of);

}  // namespace nd::ops
