#include "ingest/key_loader.hpp"

#include "ingest/key_queries.hpp"

#include <utility>

namespace nd::ingest {
namespace {

constexpr std::size_t few = 64;

}  // namespace

key_loader::key_loader(base::pg::connection on, key_table& table, key_inbox& inbox,
                       unwritten_use& used)
    : on_(std::move(on)), table_(table), inbox_(inbox), used_(used) {}

base::result<> key_loader::load_all() {
    const auto begun = key_table::clock::now();
    // Before the keys: a change in between moves it again, and the next poll reads everything once
    // more.
    const auto version = read_control_version(on_);
    if (!version) return version.error();
    const auto all = read_all_keys(on_);
    if (!all) return all.error();
    collect_use();  // the notes in the old table go with it
    table_.replace_all(*all);
    version_ = *version;
    table_.confirm(begun);
    return {};
}

base::result<> key_loader::load_tenants(std::span<const schema::tenant_id> changed) {
    if (changed.size() > few) return load_all();
    const auto keys = read_keys_of(on_, changed);
    if (!keys) return keys.error();
    table_.replace_tenants(changed, *keys);
    return {};
}

base::result<> key_loader::look_up(const key_hash& hash) {
    const auto found = read_key(on_, hash);
    if (!found) return found.error();
    if (!*found) {
        inbox_.settle(hash, lookup_outcome::absent);
    } else if ((*found)->revoked) {
        inbox_.settle(hash, lookup_outcome::revoked);
    } else {
        // Later changes of this key are read after this on the same thread: this cannot bring back
        // what was revoked.
        table_.put(hash, (*found)->entry.second);
        inbox_.settle(hash, lookup_outcome::in_table);
    }
    return {};
}

base::result<> key_loader::poll() {
    const auto asked = key_table::clock::now();
    const auto version = read_control_version(on_);
    if (!version) return version.error();
    if (version_ != *version) return load_all();
    table_.confirm(asked);
    return {};
}

base::result<> key_loader::write_last_use() {
    collect_use();
    const std::vector<std::int64_t> ids(used_.begin(), used_.end());
    if (auto written = ingest::write_last_use(on_, ids); !written) return written;
    used_.clear();
    return {};
}

void key_loader::collect_use() {
    const auto ids = table_.take_used();
    used_.insert(ids.begin(), ids.end());
}

}  // namespace nd::ingest
