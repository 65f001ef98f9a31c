#include "ingest/published_pages.hpp"

#include <string>
#include <utility>

namespace nd::ingest {
namespace {

base::sha256_digest mark_of(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                            std::string_view which) {
    std::string bytes(tenant.value.bytes.begin(), tenant.value.bytes.end());
    bytes.append(page.bytes.begin(), page.bytes.end());
    bytes += which;
    return base::sha256(bytes);
}

// No session's hash is one character long.
constexpr std::string_view any_session = "*";

}  // namespace

bool published_pages::has(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                          clock::time_point now) {
    return has(mark_of(tenant, page, any_session), now);
}

bool published_pages::has(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                          const schema::session_hash& session, clock::time_point now) {
    return has(mark_of(tenant, page, session.hex()), now);
}

void published_pages::add(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                          const schema::session_hash& session, clock::time_point now) {
    const std::array both{mark_of(tenant, page, any_session), mark_of(tenant, page, session.hex())};
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
