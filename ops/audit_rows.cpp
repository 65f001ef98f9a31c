#include "ops/audit_rows.hpp"

#include "ops/audit_account.hpp"
#include "ops/audit_store.hpp"

#include <vector>

namespace nd::ops {
namespace {

// Holds a tenant's rows against the sorted records, both in the order of the primary key.
base::result<> compare_rows(const row_search& by, const std::vector<schema::tenant_id>& suspects,
                            sighting_sorter& seen, sighting_sorter& unknown) {
    auto pass = seen.begin();
    if (!pass) return pass.error();
    auto next = pass->next();
    const auto bounds = bounds_of(by.scope->from, by.scope->to);
    for (const auto& tenant : suspects) {
        const auto compare = [&](const arrived_row& row) -> base::result<> {
            sighting same;
            same.tenant = tenant;
            same.occurred_us = row.occurred_us;
            same.event = row.event;
            same.offset = row.received_us;
            while (next && *next != nullptr && by_identity::compare(**next, same) < 0)
                next = pass->next();
            if (!next) return next.error();
            const bool known = *next != nullptr && by_identity::compare(**next, same) == 0;
            return known ? base::result<>() : unknown.add(same);
        };
        if (auto compared = each_arrived(*by.on, tenant, bounds, compare); !compared)
            return compared;
    }
    return {};
}

// What has come to the log since it was read: rows of it are no finding.
base::result<> read_since(const row_search& by, sighting_sorter& into) {
    const auto pieces = extend(*by.from, *by.scope);
    if (!pieces) return pieces.error();
    audit_reader reader(*by.from, *by.scope, by.only, *by.marks);
    for (std::uint32_t i = 0; i < pieces->size(); ++i) {
        if (auto read = reader.read(i, (*pieces)[i], into, [](std::uint64_t) {}); !read)
            return read;
    }
    return {};
}

base::result<> tell_unknown(sighting_sorter& unknown, sighting_sorter& since,
                            const std::function<void(const sighting&)>& f) {
    auto rows = unknown.begin();
    if (!rows) return rows.error();
    auto newer = since.begin();
    if (!newer) return newer.error();
    auto record = newer->next();
    while (true) {
        const auto row = rows->next();
        if (!row) return row.error();
        if (*row == nullptr) return {};
        while (record && *record != nullptr && by_identity::compare(**record, **row) < 0)
            record = newer->next();
        if (!record) return record.error();
        if (*record == nullptr || by_identity::compare(**record, **row) != 0) f(**row);
    }
}

}  // namespace

base::result<> each_spurious(const row_search& by, const audit_accounts& accounts,
                             sighting_sorter& seen, const std::function<void(const sighting&)>& f) {
    std::vector<schema::tenant_id> suspects;
    for (const auto& [tenant, account] : accounts) {
        if (account.looked_up && surplus(account) != identity_sum()) suspects.push_back(tenant);
    }
    if (suspects.empty()) return {};
    sighting_sorter unknown(by.in_memory);
    if (auto compared = compare_rows(by, suspects, seen, unknown); !compared) return compared;
    if (unknown.size() == 0) return {};
    sighting_sorter since(by.in_memory);
    if (auto read = read_since(by, since); !read) return read;
    return tell_unknown(unknown, since, f);
}

}  // namespace nd::ops
