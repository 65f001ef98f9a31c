#include "ingest/published_pages.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nd::ingest {
namespace {

// No session's hash begins so.
constexpr std::string_view any_session = "*";

}  // namespace

published_pages::mark::mark(const schema::tenant_id& whose, const schema::page_fingerprint& what,
                            std::string_view which)
    : tenant(whose), page(what) {
    std::copy_n(which.begin(), std::min(which.size(), session.size()), session.begin());
}

bool published_pages::has(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                          clock::time_point now) {
    return has(mark(tenant, page, any_session), now);
}

bool published_pages::has(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                          const schema::session_hash& session, clock::time_point now) {
    return has(mark(tenant, page, session.half()), now);
}

void published_pages::add(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                          const schema::session_hash& session, clock::time_point now) {
    const std::array both{mark(tenant, page, any_session), mark(tenant, page, session.half())};
    const std::scoped_lock held(lock_);
    age(now);
    young_.insert(both.begin(), both.end());
}

bool published_pages::has(const mark& wanted, clock::time_point now) {
    const std::scoped_lock held(lock_);
    age(now);
    return young_.contains(wanted) || old_.contains(wanted);
}

void published_pages::age(clock::time_point now) {
    const auto age = now - born_;
    if (age < longest / 2 && young_.size() < most) return;
    old_ = age < longest ? std::exchange(young_, {}) : marks();
    young_.clear();
    born_ = now;
}

}  // namespace nd::ingest
