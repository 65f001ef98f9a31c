// One record of Kafka as the audit keeps it: whose event it brought, and where it lay. A hundred
// million of them have to fit on a disk, so it is 64 bytes. Pure; made by the audit's reader,
// sorted by external_sorter, added up by audit_account.
#pragma once

#include "ops/identity_digest.hpp"
#include "schema/ids.hpp"
#include "schema/instant.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <utility>

namespace nd::ops {

struct sighting {
    enum mark : std::uint32_t {
        due = 1,      // before the writer's progress: it must have been dealt with
        erased = 2,   // of a person or tenant that was erased after it arrived
        expired = 4,  // of a week whose partition was dropped after it arrived
        // Above these: how often the record had died before. More than never: it was published
        // again out of nd.dead.v1.
        one_death = 1U << 16,
    };
    static constexpr std::uint32_t most_deaths = 0xffff;

    schema::tenant_id tenant;
    std::int64_t occurred_us = 0;  // since 1970
    schema::event_id event;
    std::int64_t offset = 0;
    std::uint64_t payload = 0;  // equal for equal payloads, different for most others
    std::uint32_t source = 0;   // which partition of which topic: an index that its maker knows
    std::uint32_t marks = 0;    // of `mark`, and deaths

    [[nodiscard]] bool is(mark one) const { return (marks & one) != 0; }
    [[nodiscard]] std::uint32_t deaths() const { return marks / one_death; }
    [[nodiscard]] std::uint64_t hash() const {
        return identity_hash(tenant, schema::instant{occurred_us}, event);
    }
};
static_assert(sizeof(sighting) == 64);

// Tenant by tenant, in the order of nd.events' primary key, then in the order of the log.
struct by_identity {
    static std::strong_ordering compare(const sighting& a, const sighting& b) {
        if (const auto order = a.tenant <=> b.tenant; order != 0) return order;
        if (const auto order = a.occurred_us <=> b.occurred_us; order != 0) return order;
        return a.event <=> b.event;
    }
    bool operator()(const sighting& a, const sighting& b) const {
        if (const auto order = compare(a, b); order != 0) return order < 0;
        if (const auto order = a.source <=> b.source; order != 0) return order < 0;
        return a.offset < b.offset;
    }
};

// All records of the range that brought one event.
struct seen_event {
    sighting first;             // due, if one of them is
    std::uint64_t records = 0;  // more than one: the others are repeats
    bool conflict = false;      // they do not have the same payload
    // Of the records that are due; an event that came again after it was erased must be there.
    bool erased = false;
    bool expired = false;
    std::uint32_t deaths = 0;  // the most of any
};

// Puts a sorted stream's records together: give it each record, it gives f each event. Call end()
// after the last.
template <class F>
class event_grouping {
  public:
    explicit event_grouping(F f) : f_(std::move(f)) {}

    void add(const sighting& one) {
        if (open_.records > 0 && by_identity::compare(open_.first, one) != 0) end();
        const bool more_due = one.is(sighting::due) && !open_.first.is(sighting::due);
        if (open_.records == 0 || more_due) {
            open_ = {one,
                     open_.records,
                     open_.conflict || (open_.records > 0 && one.payload != open_.first.payload),
                     one.is(sighting::erased),
                     one.is(sighting::expired),
                     one.deaths()};
        } else {
            open_.conflict = open_.conflict || one.payload != open_.first.payload;
            if (one.is(sighting::due)) {
                open_.erased = open_.erased && one.is(sighting::erased);
                open_.expired = open_.expired && one.is(sighting::expired);
                open_.deaths = std::max(open_.deaths, one.deaths());
            }
        }
        ++open_.records;
    }
    void end() {
        if (open_.records > 0) f_(open_);
        open_ = {};
    }

  private:
    F f_;
    seen_event open_;
};

}  // namespace nd::ops
