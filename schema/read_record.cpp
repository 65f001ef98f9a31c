#include "schema/read_record.hpp"

#include "schema/limits.hpp"

#include <charconv>

namespace nd::schema {
namespace {

base::error unreadable(std::string reason) {
    return base::failure(base::errc::data, std::move(reason));
}

// Beyond these a millisecond count is no time of ours, and Postgres would refuse the whole batch.
constexpr std::int64_t latest_ms = 4'133'980'800'000;  // 2101-01-01

}  // namespace

std::optional<receipt_place> receipt_place_of(const std::optional<std::string_view>& request,
                                              const std::optional<std::string_view>& receipt) {
    if (!request || !receipt) return std::nullopt;
    const auto id = parse_uuid(*request);
    receipt_place found;
    const auto* end = receipt->data() + receipt->size();
    const auto [stop, ec] = std::from_chars(receipt->data(), end, found.place);
    if (!id || ec != std::errc() || stop != end || found.place < 0 ||
        found.place >= static_cast<std::int32_t>(max_events))
        return std::nullopt;
    found.request = *id;
    return found;
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
    if (raw.timestamp_ms < 0 || raw.timestamp_ms > latest_ms) {
        return unreadable("no_time: the record's timestamp is no time of arrival");
    }
    auto event = scanner.scan(*raw.value);
    if (!event) return event.error();
    return record_view{*tenant, *environment, instant{raw.timestamp_ms * 1000}, *event};
}

}  // namespace nd::schema
