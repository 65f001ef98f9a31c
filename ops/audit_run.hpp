// An audit: every step of it, from the range to the list of differences. Called by the command.
//
// The order of its questions makes it exact while the system runs: first how far the writer is,
// then the rows, then Kafka's end. So whatever is due has its row when rows are asked for, and
// whatever row is seen has its record before the end.
#pragma once

#include "ops/audit_account.hpp"
#include "ops/audit_scope.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nd::ops {

struct difference {
    enum class kind {
        missing,     // due, and neither a row nor accounted for
        spurious,    // a row that no record explains
        unreadable,  // a due record that names no event, and no dead letter is about it
    };
    kind what = kind::missing;
    std::optional<schema::tenant_id> tenant;
    std::optional<schema::event_id> event;
    std::int64_t occurred_us = 0;
    std::uint32_t source = 0;  // of missing and unreadable: an index into the scope's sources
    std::int64_t offset = 0;
    std::int64_t received_us = 0;  // of spurious
};

struct audit_result {
    audit_scope scope;
    audit_accounts accounts;
    std::uint64_t records = 0;  // read, also those outside of the range's times
    std::uint64_t unreadable = 0;
    std::uint64_t unreadable_lost = 0;  // without a dead letter
    std::vector<difference> differences;
    std::uint64_t differences_left_out = 0;  // beyond the most that were to be listed
    double seconds = 0;

    [[nodiscard]] bool equal() const;
};

struct audit_wish {
    audit_words words;
    std::optional<schema::tenant_id> only;
    std::size_t most_differences = 100;
    std::size_t sorted_in_memory = 0;  // sightings; 0 is the usual. Tests make it small
};

// `progress` is called now and then, with the records read and the records there are.
using audit_progress = std::function<void(std::uint64_t, std::uint64_t)>;

// Errors: those of its parts; nothing is ever changed. When it finds differences, and something was
// erased or dropped meanwhile, it begins anew.
[[nodiscard]] base::result<audit_result> run_audit(const settings& from, const audit_wish& wish,
                                                   const audit_progress& progress);

}  // namespace nd::ops
