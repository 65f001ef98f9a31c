#include "ops/audit_marks.hpp"

#include "ops/sighting.hpp"
#include "sql/queries/dropped_weeks.hpp"
#include "sql/queries/erasures_since.hpp"

#include <algorithm>
#include <vector>

namespace nd::ops {
namespace {

constexpr std::int64_t week_us = 7 * 86'400'000'000;

base::result<schema::user_hasher> hasher_of(const std::string& pepper_file) {
    if (pepper_file.empty()) {
        return base::failure(base::errc::invalid,
                             "ND_KEY_PEPPER_FILE is not set: persons were erased, and without it "
                             "nobody can tell which records were theirs");
    }
    auto pepper = base::read_secret_file(pepper_file);
    if (!pepper) {
        return base::failure(pepper.error().code, "ND_KEY_PEPPER_FILE: " + pepper.error().detail);
    }
    return schema::user_hasher(*pepper);
}

}  // namespace

base::result<audit_marks> audit_marks::load(base::pg::connection& on,
                                            const std::string& pepper_file) {
    const auto weeks = on.exec(sql::dropped_weeks);
    if (!weeks) return weeks.error();
    // All of them: what was published again out of nd.dead.v1 arrived long before its record.
    const auto erasures = on.exec(sql::erasures_since, "-infinity");
    if (!erasures) return erasures.error();
    audit_marks made;
    for (const auto row : *weeks)
        made.week_dropped(row.integer("monday_us"), row.integer("dropped_us"));
    for (const auto row : *erasures) {
        const auto tenant = schema::parse_tenant_id(row.text("tenant")).value();
        const auto hash = row.bytea("user_hash");
        if (hash.empty()) {
            made.tenant_erased(tenant, row.integer("erased_us"));
            continue;
        }
        if (!made.hasher_) {
            auto hasher = hasher_of(pepper_file);
            if (!hasher) return hasher.error();
            made.use_hasher(std::move(*hasher));
        }
        if (!std::ranges::equal(row.bytea("hash_key"), made.hasher_->id())) {
            return base::failure(base::errc::refused,
                                 "persons were erased with another pepper than ND_KEY_PEPPER_FILE "
                                 "holds: give the audit the same file");
        }
        made.person_erased(tenant, std::string(hash.begin(), hash.end()), row.integer("erased_us"));
    }
    return made;
}

void audit_marks::week_dropped(std::int64_t monday_us, std::int64_t dropped_us) {
    dropped_[monday_us] = dropped_us;
}

void audit_marks::tenant_erased(const schema::tenant_id& tenant, std::int64_t erased_us) {
    erased_[tenant].whole_us = erased_us;
}

void audit_marks::person_erased(const schema::tenant_id& tenant, std::string hash,
                                std::int64_t erased_us) {
    erased_[tenant].persons[std::move(hash)] = erased_us;
}

std::uint32_t audit_marks::of(const schema::record_view& record) {
    return (is_erased(record) ? sighting::erased : 0U) |
           (is_expired(record) ? sighting::expired : 0U);
}

bool audit_marks::is_erased(const schema::record_view& record) {
    const auto of_tenant = erased_.find(record.tenant);
    if (of_tenant == erased_.end()) return false;
    const auto& [whole_us, persons] = of_tenant->second;
    if (record.received_at.us <= whole_us) return true;
    if (persons.empty() || !record.event.user_id || !hasher_) return false;
    const auto hash = (*hasher_)(record.tenant, *record.event.user_id);
    const auto person = persons.find(std::string(hash.begin(), hash.end()));
    return person != persons.end() && record.received_at.us <= person->second;
}

bool audit_marks::is_expired(const schema::record_view& record) const {
    const auto occurred_us = record.event.occurred_at.us;
    auto week = dropped_.upper_bound(occurred_us);
    if (week == dropped_.begin()) return false;
    --week;
    // A late event of a week that was dropped has a row again: it must be there.
    return occurred_us < week->first + week_us && record.received_at.us <= week->second;
}

}  // namespace nd::ops
