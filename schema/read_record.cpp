#include "schema/read_record.hpp"

#include "base/parse_number.hpp"
#include "schema/limits.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

base::error unreadable(std::string reason) {
    return base::failure(base::errc::data, std::move(reason));
}

// Beyond these a millisecond count is no time of ours, and Postgres would refuse the whole batch.
constexpr std::int64_t latest_ms = 4'133'980'800'000;  // 2101-01-01

}  // namespace

base::result<std::int64_t> arrival_of(const raw_record& raw) {
    if (raw.timestamp_ms < 0 || raw.timestamp_ms > latest_ms) {
        return unreadable("no_time: the record's timestamp is no time of arrival");
    }
    if (!raw.received_at || deaths_of(raw.attempt) == 0) return raw.timestamp_ms;
    const auto first = base::parse_number<std::int64_t>(*raw.received_at);
    if (!first || *first < 0) {
        return unreadable("bad_received_at: header nd-received-at is no count of milliseconds");
    }
    return std::min(*first, raw.timestamp_ms);
}

std::optional<receipt_place> receipt_place_of(const std::optional<std::string_view>& request,
                                              const std::optional<std::string_view>& receipt) {
    if (!request || !receipt) return std::nullopt;
    const auto id = parse_uuid(*request);
    const auto place = base::parse_number<std::int32_t>(*receipt);
    if (!id || !place || *place < 0 || *place >= static_cast<std::int32_t>(max_events))
        return std::nullopt;
    return receipt_place{*id, *place};
}

base::result<record_view> read_record(const raw_record& raw, event_scanner& scanner) {
    if (!raw.key) return unreadable("no_key: the record has no key to name its tenant");
    const auto tenant = tenant_of(*raw.key);
    if (!tenant) return unreadable("bad_key: the record's key is no tenant's UUID");
    if (!raw.value) return unreadable("no_value: the record has no value");
    if (!raw.environment) {
        return unreadable("no_environment: the record has no header nd-environment");
    }
    const auto environment = parse_environment(*raw.environment);
    if (!environment) {
        return unreadable("bad_environment: header nd-environment is neither live nor test");
    }
    const auto arrival = arrival_of(raw);
    if (!arrival) return arrival.error();
    auto event = scanner.scan(*raw.value);
    if (!event) return event.error();
    return record_view{*tenant, *environment, instant{*arrival * 1000}, *event};
}

}  // namespace nd::schema
