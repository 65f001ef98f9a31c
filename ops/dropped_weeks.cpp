#include "ops/dropped_weeks.hpp"

#include "schema/instant.hpp"
#include "sql/queries/dropped_weeks.hpp"

namespace nd::ops {
namespace {

constexpr std::int64_t week_us = 7 * 86'400'000'000;

}  // namespace

std::string dropped_weeks::week::monday() const {
    return schema::to_string(schema::instant{from_us}).substr(0, 10);
}

base::result<dropped_weeks> dropped_weeks::load(base::pg::connection& on) {
    const auto rows = on.exec(sql::dropped_weeks);
    if (!rows) return rows.error();
    dropped_weeks made;
    for (const auto row : *rows)
        made.add(row.integer("monday_us"), row.integer("dropped_us"));
    return made;
}

bool dropped_weeks::hold(const schema::record_view& record) const {
    const auto occurred_us = record.event.occurred_at.us;
    auto next = at_.upper_bound(occurred_us);
    if (next == at_.begin()) return false;
    const auto& [monday_us, dropped_us] = *--next;
    return occurred_us < monday_us + week_us && record.received_at.us <= dropped_us;
}

std::optional<dropped_weeks::week> dropped_weeks::first_within(std::int64_t from_us,
                                                               std::int64_t to_us) const {
    auto next = at_.upper_bound(from_us - week_us);
    if (next == at_.end() || next->first >= to_us) return std::nullopt;
    return week{next->first, next->first + week_us, next->second};
}

}  // namespace nd::ops
