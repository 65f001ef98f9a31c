// How an event travels in Kafka: names of topics, groups and headers, and the text forms of key and
// headers. Pure: the edges (producer, consumer, ndctl) turn these into librdkafka calls.
#pragma once

#include "base/parse_number.hpp"
#include "base/partition_turns.hpp"
#include "schema/environment.hpp"
#include "schema/ids.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace nd::schema {

inline constexpr const char* events_topic = "nd.events.v1";
inline constexpr const char* pages_topic = "nd.pages.v1";
inline constexpr const char* dead_topic = "nd.dead.v1";
// Events out of files, in the form of nd.events.v1; a writer of its own stores them, so that live
// events never queue behind them.
inline constexpr const char* import_topic = "nd.import.v1";
inline constexpr const char* writer_group = "nd-writer";
inline constexpr const char* import_group = "nd-writer-import";
inline constexpr const char* enricher_group = "nd-enricher";

// The largest record that a topic must take (max.message.bytes).
inline constexpr std::size_t max_record_bytes = 2u << 20;

// On events.
inline constexpr const char* environment_header = "nd-environment";  // live | test
inline constexpr const char* request_header = "nd-request";          // the request id of the 202
// Only of a request that asked for a receipt: the event's place among its accepted ones, from 0.
inline constexpr const char* receipt_header = "nd-receipt";
// On pages: the structure's fingerprint, 64 hexadecimal digits; beside nd-environment and
// nd-request.
inline constexpr const char* fingerprint_header = "nd-fingerprint";
// On events that were published again out of nd.dead.v1, beside nd-attempt: when the record first
// arrived, as decimal milliseconds since 1970 (a dead record has it too), and a line for each time
// that it died before.
inline constexpr const char* received_at_header = "nd-received-at";
inline constexpr const char* history_header = "nd-history";
// On dead records, which keep the original value and key.
inline constexpr const char* reason_header = "nd-reason";
inline constexpr const char* sqlstate_header = "nd-sqlstate";
inline constexpr const char* source_topic_header = "nd-source-topic";
inline constexpr const char* source_partition_header = "nd-source-partition";
inline constexpr const char* source_offset_header = "nd-source-offset";
inline constexpr const char* attempt_header = "nd-attempt";
// How often a record has died before, as nd-attempt says; 0 for a record that has none, and for
// nonsense.
[[nodiscard]] inline int deaths_of(std::optional<std::string_view> attempt) noexcept {
    constexpr int most = 1'000'000;
    const auto deaths = base::parse_number<int>(attempt.value_or("")).value_or(0);
    return deaths > 0 && deaths <= most ? deaths : 0;
}
// Its value was cut to what the topic takes; how many bytes the original has.
inline constexpr const char* cut_from_header = "nd-cut-from";

// Where the events of a request lie: in the partition that their tenant's key names, or, where they
// are so few that each request would be a small batch of its own there, together in the partition
// of the moment. So whoever reads one tenant's events reads all partitions.
[[nodiscard]] constexpr base::placement placement_of(std::size_t events_in_request) noexcept {
    constexpr std::size_t enough = 8;
    return events_in_request >= enough ? base::placement::by_key : base::placement::in_turn;
}

// The record's key: the tenant's UUID as text, so that any Java client's murmur2 agrees where a
// tenant lives.
class record_key {
  public:
    explicit record_key(const tenant_id& tenant) noexcept { write_uuid(tenant.value, text_); }
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

  private:
    std::array<char, uuid_length> text_{};
};
// nullopt: the record names no tenant and is dead.
[[nodiscard]] inline std::optional<tenant_id> tenant_of(std::string_view key) noexcept {
    return parse_tenant_id(key);
}

}  // namespace nd::schema
