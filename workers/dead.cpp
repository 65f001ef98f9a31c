#include "workers/dead.hpp"

#include "schema/record.hpp"

namespace nd::workers {
namespace {

// Whatever a foreign producer sent, its dead record fits the topic: one that the broker refused
// would hold up all others.
constexpr std::size_t longest_text = 4096;  // key and each header; a tenant's id has 36 bytes
constexpr std::size_t longest_value = schema::max_record_bytes - (64u << 10);

std::string bounded(const std::string& text) {
    return text.substr(0, longest_text);
}

}  // namespace

base::outgoing_record to_record(const dead_letter& letter, const std::string& topic) {
    base::outgoing_record record{schema::dead_topic, letter.key, letter.value, {}};
    if (record.key) record.key = bounded(*record.key);
    auto& headers = record.headers;
    if (record.value && record.value->size() > longest_value) {
        headers.emplace_back(schema::cut_from_header, std::to_string(record.value->size()));
        record.value->resize(longest_value);
    }
    if (letter.environment)
        headers.emplace_back(schema::environment_header, bounded(*letter.environment));
    if (letter.request) headers.emplace_back(schema::request_header, bounded(*letter.request));
    if (letter.receipt) headers.emplace_back(schema::receipt_header, bounded(*letter.receipt));
    headers.emplace_back(schema::reason_header, bounded(letter.reason));
    headers.emplace_back(schema::sqlstate_header, letter.sqlstate);
    headers.emplace_back(schema::source_topic_header, topic);
    headers.emplace_back(schema::source_partition_header, std::to_string(letter.partition));
    headers.emplace_back(schema::source_offset_header, std::to_string(letter.offset));
    headers.emplace_back(schema::attempt_header,
                         std::to_string(schema::deaths_of(letter.attempt) + 1));
    if (letter.received_ms)
        headers.emplace_back(schema::received_at_header, std::to_string(*letter.received_ms));
    if (letter.history) headers.emplace_back(schema::history_header, bounded(*letter.history));
    return record;
}

std::string_view reason_code(std::string_view reason) {
    return reason.substr(0, reason.find(':'));
}

}  // namespace nd::workers
