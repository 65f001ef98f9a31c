#include "ops/replay_batch.hpp"

#include "ops/identity_digest.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <compare>

namespace nd::ops {
namespace {

// A batch costs one transaction per tenant: four times the live writer's, because nobody waits.
constexpr std::size_t most_records = 20'000;
constexpr std::size_t most_bytes = std::size_t{16} << 20;

// A UUID as two numbers: they compare as its bytes do, and several times faster.
struct uuid_order {
    std::uint64_t high;
    std::uint64_t low;
    explicit uuid_order(const schema::uuid& id)
        : high(boost::endian::load_big_u64(id.bytes.data())),
          low(boost::endian::load_big_u64(id.bytes.data() + 8)) {}
    friend auto operator<=>(const uuid_order&, const uuid_order&) = default;
};
struct sort_key {
    uuid_order tenant;
    std::int64_t occurred_us;
    uuid_order id;
    std::uint32_t index;
    friend auto operator<=>(const sort_key&, const sort_key&) = default;
    [[nodiscard]] bool same_event(const sort_key& other) const {
        return tenant == other.tenant && occurred_us == other.occurred_us && id == other.id;
    }
};

std::int64_t hour_of(std::int64_t us) {
    return us / 3'600'000'000 * 3600;
}

void clear_keys(key_columns& keys) {
    keys.tenants.clear();
    keys.lo.clear();
    keys.hi.clear();
    keys.row_tenants.clear();
    keys.event_ids.clear();
    keys.occurred.clear();
    keys.received.clear();
}

void clear_values(value_columns& values) {
    for (auto* column : {&values.environments, &values.names, &values.sessions, &values.users,
                         &values.pages, &values.properties})
        column->clear();
}

// Groups that follow each other; `row` is called with each row in order.
class grouped {
  public:
    explicit grouped(key_columns& into) : into_(into) { clear_keys(into); }
    void add(const schema::tenant_id& tenant) {
        ++place_;
        if (tenant_ != tenant) {
            if (tenant_) into_.hi.add(place_ - 1);
            into_.tenants.add(tenant.value.bytes);
            into_.lo.add(place_);
            tenant_ = tenant;
        }
        into_.row_tenants.add(tenant.value.bytes);
    }
    void finish() {
        if (tenant_) into_.hi.add(place_);
    }

  private:
    key_columns& into_;
    std::optional<schema::tenant_id> tenant_;
    std::int32_t place_ = 0;
};

}  // namespace

void replay_batch::clear() {
    bytes_.clear();
    rows_.clear();
    order_.clear();
    dead_.clear();
    others_.clear();
    counts_ = {};
    clear_keys(keys_);
    oldest_us_ = 0;
    digest_ = 0;
}

bool replay_batch::full() const {
    return rows_.size() + dead_.size() >= most_records || bytes_.size() >= most_bytes;
}

void replay_batch::bury(const schema::raw_record& raw, const std::string& reason) {
    ++counts_.read;
    ++counts_.dead;
    dead_.push_back({raw.partition, raw.offset, reason});
    const auto tenant = raw.key ? schema::tenant_of(*raw.key) : std::nullopt;
    others_.push_back({{tenant ? schema::to_string(*tenant) : std::string("none"),
                        hour_of(raw.timestamp_ms * 1000)},
                       'd'});
}

void replay_batch::take(const schema::raw_record& raw, const replay_filter& filter,
                        schema::event_scanner& scanner) {
    if (filter.tenant && (!raw.key || schema::tenant_of(*raw.key) != filter.tenant)) return;
    const auto read = schema::read_record(raw, scanner);
    if (!read) {
        // What cannot be read has no name: whoever asks for one does not mean it.
        if (filter.name.empty()) bury(raw, read.error().detail);
        return;
    }
    if (!filter.name.empty() && read->event.name != filter.name) return;
    ++counts_.read;
    if (!filter.force && filter.dropped.hold(*read)) {
        ++counts_.expired;
        others_.push_back({{schema::to_string(read->tenant), hour_of(read->received_at.us)}, 'x'});
        return;
    }
    rows_.push_back({read->tenant, read->event.id, read->event.occurred_at, read->received_at,
                     read->environment, bytes_.size(), raw.value->size(), raw.partition,
                     raw.offset});
    bytes_ += *raw.value;
}

void replay_batch::seal() {
    std::vector<sort_key> sorted;
    sorted.reserve(rows_.size());
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
        const auto& row = rows_[i];
        sorted.push_back(
            {uuid_order(row.tenant.value), row.occurred_at.us, uuid_order(row.id.value), i});
    }
    std::sort(sorted.begin(), sorted.end());
    order_.clear();
    place_of_.resize(rows_.size());
    grouped groups(keys_);
    oldest_us_ = rows_.empty() ? 0 : rows_.front().received_at.us;
    digest_ = 0;
    const sort_key* before = nullptr;
    for (const auto& key : sorted) {
        // The first one in the log is the one that counts, as it was when it was stored.
        const bool again = before != nullptr && before->same_event(key);
        if (!again) order_.push_back(key.index);
        place_of_[key.index] = std::ssize(order_);
        if (again) continue;
        before = &key;
        const auto& row = rows_[key.index];
        groups.add(row.tenant);
        keys_.event_ids.add(row.id.value.bytes);
        keys_.occurred.add(row.occurred_at.us);
        keys_.received.add(row.received_at.us);
        oldest_us_ = std::min(oldest_us_, row.received_at.us);
        digest_ += identity_hash(row.tenant, row.occurred_at, row.id);
    }
    groups.finish();
}

const replay_batch::taken& replay_batch::at(std::int64_t place) const {
    return rows_[order_.at(static_cast<std::size_t>(place) - 1)];
}

std::string_view replay_batch::raw_of(const taken& one) const {
    return std::string_view(bytes_).substr(one.at, one.size);
}

std::uint64_t replay_batch::digest_of(std::span<const std::int64_t> places) const {
    std::uint64_t sum = 0;
    for (const auto place : places) {
        const auto& row = at(place);
        sum += identity_hash(row.tenant, row.occurred_at, row.id);
    }
    return sum;
}

std::int64_t replay_batch::records_at(std::span<const std::int64_t> places) const {
    return std::ranges::count_if(place_of_, [places](std::int64_t place) {
        return std::ranges::binary_search(places, place);
    });
}

void replay_batch::fill(std::span<const std::int64_t> places, schema::event_scanner& scanner,
                        key_columns& keys, value_columns& values) const {
    clear_values(values);
    grouped groups(keys);
    for (const auto place : places) {
        const auto& row = at(place);
        const auto event = scanner.scan(raw_of(row)).value();  // it was read before
        groups.add(row.tenant);
        keys.event_ids.add(row.id.value.bytes);
        keys.occurred.add(row.occurred_at.us);
        keys.received.add(row.received_at.us);
        values.environments.add(schema::to_string(row.environment));
        values.names.add(event.name);
        values.sessions.add(event.session_id);
        values.users.add(event.user_id);
        values.pages.add(event.page);
        values.properties.add(event.properties);
    }
    groups.finish();
}

void replay_batch::fill_users(std::span<const std::int64_t> places, schema::event_scanner& scanner,
                              schema::user_hasher& hasher, base::pg::bytea_array& users) const {
    users.clear();
    for (const auto place : places) {
        const auto& row = at(place);
        const auto event = scanner.scan(raw_of(row)).value();
        if (event.user_id) {
            users.add(hasher(row.tenant, *event.user_id));
        } else {
            users.add_null();
        }
    }
}

dead_record replay_batch::dead_at(std::int64_t place, std::string reason) const {
    const auto& row = at(place);
    return {row.partition, row.offset, std::move(reason)};
}

void replay_batch::count_hours(std::span<const std::int64_t> missing,
                               std::span<const std::int64_t> erased, hour_table& into) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        auto& counts = into[{schema::to_string(rows_[i].tenant), hour_of(rows_[i].received_at.us)}];
        ++counts.read;
        if (std::ranges::binary_search(erased, place_of_[i])) ++counts.erased;
    }
    for (const auto place : missing) {
        const auto& row = at(place);
        ++into[{schema::to_string(row.tenant), hour_of(row.received_at.us)}].missing;
    }
    for (const auto& [where, what] : others_) {
        auto& counts = into[where];
        ++counts.read;
        ++(what == 'd' ? counts.dead : counts.expired);
    }
}

}  // namespace nd::ops
