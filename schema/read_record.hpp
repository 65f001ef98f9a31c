// One Kafka record as an event of one tenant, or why it is none. Called for each record by the
// writer and by ndctl's replay. Pure. The tenant comes from this record's own key and from nowhere
// else: it is what row-level security compares with the group that the row was put in.
#pragma once

#include "base/result.hpp"
#include "schema/environment.hpp"
#include "schema/event.hpp"
#include "schema/event_scan.hpp"
#include "schema/record.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nd::schema {

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
    std::optional<std::string_view> received_at;
    std::optional<std::string_view> history;
    std::optional<std::string_view> receipt;
};

// Of a base::kafka_received, or of whatever has its members.
template <class Message>
[[nodiscard]] raw_record raw_of(const Message& message) {
    raw_record raw{message.partition(),
                   message.offset(),
                   message.timestamp_ms(),
                   message.key(),
                   message.value(),
                   {},
                   {},
                   {},
                   {},
                   {},
                   {}};
    message.each_header([&raw](std::string_view name, std::string_view value) {
        if (name == environment_header) raw.environment = value;
        if (name == request_header) raw.request = value;
        if (name == attempt_header) raw.attempt = value;
        if (name == received_at_header) raw.received_at = value;
        if (name == history_header) raw.history = value;
        if (name == receipt_header) raw.receipt = value;
    });
    return raw;
}

// When the record first arrived, in milliseconds since 1970: its own timestamp, or, when it was
// published again out of nd.dead.v1 (it has a number as nd-attempt), what nd-received-at says. That
// header is trusted as far as the record's key is: who may write to the topic may write any
// tenant's event; nd-ingest never passes on a header of a client. Still it can only say "earlier":
// nothing arrives after it was published again. Error data: what there is is no time.
[[nodiscard]] base::result<std::int64_t> arrival_of(const raw_record& raw);

// Where a receipt counts this event: its request and its place there.
struct receipt_place {
    uuid request;
    std::int32_t place = 0;
};
// From the headers nd-request and nd-receipt. nullopt: nobody asked for a receipt, or the headers
// are not ours.
[[nodiscard]] std::optional<receipt_place> receipt_place_of(
    const std::optional<std::string_view>& request, const std::optional<std::string_view>& receipt);

struct record_view {
    tenant_id tenant;
    schema::environment environment = schema::environment::live;
    instant received_at;
    event_view event;  // lives until the scanner's next scan
};

// errc::data: the record is for nd.dead.v1, `detail` is its reason, "code: sentence".
[[nodiscard]] base::result<record_view> read_record(const raw_record& raw, event_scanner& scanner);

}  // namespace nd::schema
