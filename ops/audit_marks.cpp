#include "ops/audit_marks.hpp"

#include "ops/pepper.hpp"
#include "ops/sighting.hpp"
#include "sql/queries/erasures_since.hpp"

#include <algorithm>
#include <vector>

namespace nd::ops {
namespace {

base::result<schema::user_hasher> hasher_of(const std::string& pepper_file) {
    if (pepper_file.empty()) {
        return base::failure(base::errc::invalid,
                             "ND_KEY_PEPPER_FILE is not set: persons were erased, and without it "
                             "nobody can tell which records were theirs");
    }
    const auto pepper = read_pepper(pepper_file);
    if (!pepper) return pepper.error();
    return schema::user_hasher(*pepper);
}

}  // namespace

base::result<audit_marks> audit_marks::load(base::pg::connection& on,
                                            const std::string& pepper_file) {
    auto weeks = dropped_weeks::load(on);
    if (!weeks) return weeks.error();
    // All of them: what was published again out of nd.dead.v1 arrived long before its record.
    const auto erasures = on.exec(sql::erasures_since, "-infinity");
    if (!erasures) return erasures.error();
    audit_marks made;
    made.dropped_ = std::move(*weeks);
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

void audit_marks::tenant_erased(const schema::tenant_id& tenant, std::int64_t erased_us) {
    erased_[tenant].whole_us = erased_us;
}

void audit_marks::person_erased(const schema::tenant_id& tenant, std::string hash,
                                std::int64_t erased_us) {
    erased_[tenant].persons[std::move(hash)] = erased_us;
}

std::uint32_t audit_marks::of(const schema::record_view& record) {
    return (is_erased(record) ? sighting::erased : 0U) |
           (dropped_.hold(record) ? sighting::expired : 0U);
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

}  // namespace nd::ops
