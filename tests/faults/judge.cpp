#include "tests/faults/judge.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

namespace nd::tests {
namespace {

namespace json = boost::json;
constexpr std::size_t most_details = 20;

// What of this member was sent; none when the event had it not.
std::optional<std::string> member(const json::object& of, const char* name) {
    const auto* found = of.if_contains(name);
    if (found == nullptr) return std::nullopt;
    return std::string(found->as_string());
}

// "" when the row is the event, otherwise what differs.
std::string difference(const seen_row& row, const sent_event& sent) {
    const auto whole = json::parse(body_of({sent}));
    const auto& wanted = whole.at("events").at(0).as_object();
    if (row.occurred_at != sent.occurred_at) return "occurred_at";
    if (row.name != member(wanted, "name")) return "name";
    if (row.page != member(wanted, "page")) return "page";
    if (row.session_id != member(wanted, "session_id")) return "session_id";
    if (row.user_id != member(wanted, "user_id")) return "user_id";
    if (row.environment != "live") return "environment";
    if (!row.received_in_time) return "received_at";
    return json::parse(row.properties) == wanted.at("properties") ? "" : "properties";
}

}  // namespace

tenant_judge::tenant_judge(const ledger& owed, std::string tenant, verdict& into)
    : owed_(owed), tenant_(std::move(tenant)), into_(into), fates_(owed.fates(tenant_)) {
    for (std::size_t i = 0; i < fates_.size(); ++i)
        numbers_.emplace(owed_.event(tenant_, i).event_id, i);
    seen_.resize(fates_.size());
}

void tenant_judge::see(const seen_row& row) {
    ++into_.rows;
    const auto& id = row.event_id;
    const auto found = numbers_.find(id);
    if (found == numbers_.end()) {
        if (somebody_elses(id))
            count(into_.cross_tenant, "another tenant's row", id);
        else
            count(into_.spurious, "a row that nobody sent", id);
        return;
    }
    const auto number = found->second;
    if (seen_[number]++ > 0) count(into_.duplicate, "a row twice", id);
    if (fates_[number] == fate::refused) count(into_.spurious, "a row that was refused", id);
    const auto differs = difference(row, owed_.event(tenant_, number));
    if (!differs.empty()) count(into_.different, "not what was sent: " + differs, id);
}

void tenant_judge::finish() {
    for (std::size_t i = 0; i < fates_.size(); ++i) {
        if (fates_[i] != fate::accepted || seen_[i] > 0) continue;
        const auto event = owed_.event(tenant_, i);
        count(into_.missing, fmt::format("missing: number {} of {}", i, event.occurred_at),
              event.event_id);
    }
}

void tenant_judge::count(std::size_t& which, const std::string& what, const std::string& id) {
    ++which;
    if (into_.details.size() < most_details)
        into_.details.push_back(fmt::format("tenant {} event {}: {}", tenant_, id, what));
}

// Rare, so it need not be fast.
bool tenant_judge::somebody_elses(const std::string& id) const {
    for (const auto& other : owed_.tenants()) {
        const auto sent = owed_.fates(other).size();
        for (std::size_t i = 0; i < sent; ++i) {
            if (owed_.event(other, i).event_id == id) return true;
        }
    }
    return false;
}

}  // namespace nd::tests
