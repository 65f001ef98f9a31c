#include "ops/dead_store.hpp"

#include "base/pg_array.hpp"
#include "sql/queries/dead_strays.hpp"
#include "sql/queries/mark_dead_strays.hpp"
#include "sql/queries/tenant/dead_states.hpp"
#include "sql/queries/tenant/mark_dead.hpp"

#include <map>
#include <optional>

namespace nd::ops {
namespace {

// The letters of one tenant, or of none: indexes into the span, and the arrays for its statement.
struct share {
    std::vector<std::size_t> indexes;
    base::pg::int4_array partitions;
    base::pg::int8_array offsets;
};
using shares = std::map<std::optional<std::string>, share>;

shares by_tenant(std::span<const known_letter> letters) {
    shares all;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        auto& one = all[letters[i].letter.tenant()];
        one.indexes.push_back(i);
        one.partitions.add(letters[i].letter.at.partition);
        one.offsets.add(letters[i].letter.at.offset);
    }
    return all;
}

void fill_in(const base::pg::rows& rows, const share& of, std::span<known_letter> letters) {
    for (const auto row : rows) {
        const partition_offset at{static_cast<std::int32_t>(row.integer("partition")),
                                  row.integer("offset")};
        for (const auto i : of.indexes) {
            if (letters[i].letter.at != at) continue;
            letters[i].mark = {std::string(row.text("state")), std::string(row.text("note")),
                               std::string(row.text("marked_by")),
                               std::string(row.text("marked_at"))};
        }
    }
}

}  // namespace

base::result<> dead_store::look_up(std::span<known_letter> letters) {
    for (const auto& [tenant, of] : by_tenant(letters)) {
        if (!tenant) {
            const auto rows = on_->exec(sql::dead_strays, cluster_, of.partitions, of.offsets);
            if (!rows) return rows.error();
            fill_in(*rows, of, letters);
            continue;
        }
        auto inside = base::pg::tenant_tx::begin(*on_, *tenant);
        if (!inside) return inside.error();
        const auto rows =
            inside->exec(sql::dead_states, *tenant, cluster_, of.partitions, of.offsets);
        if (!rows) return rows.error();
        fill_in(*rows, of, letters);
        if (auto done = inside->commit(); !done) return done;
    }
    return {};
}

base::result<std::int64_t> dead_store::mark(std::span<const known_letter> letters,
                                            std::string_view state, std::string_view note) {
    std::int64_t changed = 0;
    for (const auto& [tenant, of] : by_tenant(letters)) {
        if (!tenant) {
            const auto rows =
                on_->exec(sql::mark_dead_strays, of.partitions, of.offsets, state, cluster_, note);
            if (!rows) return rows.error();
            changed += (*rows)[0].integer("changed");
            continue;
        }
        auto inside = base::pg::tenant_tx::begin(*on_, *tenant);
        if (!inside) return inside.error();
        const auto rows =
            inside->exec(sql::mark_dead, *tenant, of.partitions, of.offsets, state, cluster_, note);
        if (!rows) return rows.error();
        changed += (*rows)[0].integer("changed");
        if (auto done = inside->commit(); !done) return done.error();
    }
    return changed;
}

}  // namespace nd::ops
