#include "ops/audit_account.hpp"

namespace nd::ops {

void take(audit_account& into, const seen_event& event) {
    into.records += event.records;
    into.repeats += event.records - 1;
    into.conflicts += event.conflict ? 1 : 0;
    auto& side = event.first.is(sighting::due) ? into.due : into.pending;
    side.add(event.first.hash());
}

void postpone(audit_account& in, std::uint64_t hash) {
    in.due -= identity_sum{1, hash};
    in.pending.add(hash);
}

bool needs_lookup(const audit_account& of, bool by_time) {
    return !by_time || of.due != of.arrived;
}

identity_sum surplus(const audit_account& of) {
    return of.arrived - of.inside - of.pending_inside;
}

identity_sum wanted(const audit_account& of) {
    return of.due - of.dead - of.dropped - of.erased - of.expired;
}

identity_sum stored(const audit_account& of) {
    return of.looked_up ? of.inside + of.outside + of.spurious : of.arrived;
}

bool is_equal(const audit_account& of) {
    return of.missing.count == 0 && of.spurious.count == 0 && wanted(of) == stored(of);
}

}  // namespace nd::ops
