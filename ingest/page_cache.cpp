#include "ingest/page_cache.hpp"

#include "base/hmac.hpp"

#include <utility>

namespace nd::ingest {
namespace {

constexpr std::size_t per_item = 256;  // list, map and keys, about
constexpr std::size_t etag_digits = 32;

std::string key_of(const schema::tenant_id& tenant, std::string_view page) {
    std::string key(tenant.value.bytes.begin(), tenant.value.bytes.end());
    key += page;
    return key;
}

}  // namespace

shown_page make_shown_page(std::string body) {
    auto etag = '"' + base::to_hex(base::sha256(body)).substr(0, etag_digits) + '"';
    return {std::move(body), std::move(etag)};
}

std::optional<page_cache::found> page_cache::find(const schema::tenant_id& tenant,
                                                  std::string_view page, clock::time_point now) {
    const auto key = key_of(tenant, page);
    const std::scoped_lock held(lock_);
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) return std::nullopt;
    const auto here = at->second;
    if (now - here->at >= stale) {
        drop(here);
        return std::nullopt;
    }
    items_.splice(items_.begin(), items_, here);
    const bool ask = now >= here->ask_at;
    if (ask) here->ask_at = now + patience;
    return found{here->what, ask};
}

void page_cache::put(const schema::tenant_id& tenant, std::string_view page, entry what,
                     clock::time_point now) {
    auto key = key_of(tenant, page);
    const std::scoped_lock held(lock_);
    if (const auto at = by_key_.find(key); at != by_key_.end()) drop(at->second);
    bytes_ += what->body.size() + key.size() + per_item;
    items_.push_front({std::move(key), std::move(what), now, now + fresh});
    by_key_.emplace(items_.front().key, items_.begin());
    while (bytes_ > most_ && !items_.empty())
        drop(std::prev(items_.end()));
}

std::size_t page_cache::bytes() const {
    const std::scoped_lock held(lock_);
    return bytes_;
}

void page_cache::drop(std::list<item>::iterator which) {
    bytes_ -= which->what->body.size() + which->key.size() + per_item;
    by_key_.erase(which->key);
    items_.erase(which);
}

}  // namespace nd::ingest
