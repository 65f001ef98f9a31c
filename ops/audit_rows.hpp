// The rows that no record explains, found one by one. Called by the audit once, for tenants whose
// sums say that there are some. Errors: Kafka's, Postgres's and the spill file's.
#pragma once

#include "ops/audit_reader.hpp"

#include <functional>
#include <optional>

namespace nd::ops {

struct row_search {
    const settings* from = nullptr;
    base::pg::connection* on = nullptr;
    audit_scope* scope = nullptr;  // its ends move on
    std::optional<schema::tenant_id> only;
    audit_marks* marks = nullptr;
    std::size_t in_memory = sighting_sorter::usual;
};

// f for each of them, tenant by tenant; `offset` of what it gets is the row's received_at in
// microseconds. `seen` is everything that was read of Kafka.
[[nodiscard]] base::result<> each_spurious(const row_search& by, const audit_accounts& accounts,
                                           sighting_sorter& seen,
                                           const std::function<void(const sighting& row)>& f);

}  // namespace nd::ops
