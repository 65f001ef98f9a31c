// One Kafka record as an event of one tenant, or why it is none. Called by poll for each record.
// Pure. The tenant comes from this record's own key and from nowhere else: it is what row-level
// security compares with the group that the row was put in.
#pragma once

#include "base/result.hpp"
#include "schema/environment.hpp"
#include "schema/event.hpp"
#include "schema/event_scan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nd::workers {

// What Kafka delivered. The views belong to the message.
struct raw_record {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::int64_t timestamp_ms = -1;
    std::optional<std::string_view> key;
    std::optional<std::string_view> value;
    std::optional<std::string_view> environment;  // headers
    std::optional<std::string_view> request;
    std::optional<std::string_view> attempt;
    std::optional<std::string_view> receipt;
};

// Where a receipt counts this event: its request and its place there.
struct receipt_place {
    schema::uuid request;
    std::int32_t place = 0;
};
// From the headers nd-request and nd-receipt. nullopt: nobody asked for a receipt, or the headers
// are not ours.
[[nodiscard]] std::optional<receipt_place> receipt_place_of(
    const std::optional<std::string_view>& request, const std::optional<std::string_view>& receipt);

struct record_view {
    schema::tenant_id tenant;
    schema::environment environment = schema::environment::live;
    schema::instant received_at;
    schema::event_view event;  // lives until the scanner's next scan
};

// errc::data: the record is for nd.dead.v1, `detail` is its reason, "code: sentence".
[[nodiscard]] base::result<record_view> read_record(const raw_record& raw,
                                                    schema::event_scanner& scanner);

}  // namespace nd::workers
