#include "ops/dead_letter.hpp"

#include "base/parse_number.hpp"
#include "ops/kafka_expiry.hpp"
#include "ops/printable.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nd::ops {
namespace {

// What the writer said about the death; everything else came with the event and goes back with it.
constexpr std::array<std::string_view, 9> of_a_death{
    schema::reason_header,           schema::sqlstate_header,      schema::source_topic_header,
    schema::source_partition_header, schema::source_offset_header, schema::attempt_header,
    schema::cut_from_header,         schema::received_at_header,   schema::history_header};

// Where a record may go back to.
constexpr std::array<const char*, 3> read_topics{schema::events_topic, schema::import_topic,
                                                 schema::pages_topic};

constexpr std::size_t longest_history = 4000;  // the writer cuts a header at 4,096
constexpr std::size_t longest_reason = 200;    // of a line

std::string line_of(const dead_letter& letter) {
    const auto said = [&letter](const char* name) {
        return std::string(letter.header(name).value_or("-"));
    };
    const auto reason = printable(letter.reason()).substr(0, longest_reason);
    return fmt::format("death {} at {}: {} {} (was {}:{}:{}, letter {})", letter.deaths(),
                       utc_text(letter.died_ms), said(schema::sqlstate_header), reason,
                       said(schema::source_topic_header), said(schema::source_partition_header),
                       said(schema::source_offset_header), to_string(letter.at));
}

std::string history_with(const dead_letter& letter) {
    auto lines = letter.history();
    lines.push_back(line_of(letter));
    std::size_t size = 0;
    auto first = lines.end();
    while (first != lines.begin() && size + (first - 1)->size() + 1 <= longest_history)
        size += (--first)->size() + 1;
    return fmt::format("{}", fmt::join(first, lines.end(), "\n"));
}

}  // namespace

std::optional<std::string_view> dead_letter::header(std::string_view name) const {
    for (const auto& [known, text] : headers) {
        if (known == name) return text;
    }
    return std::nullopt;
}

std::optional<std::string> dead_letter::tenant() const {
    const auto named = key ? schema::tenant_of(*key) : std::nullopt;
    return named ? std::optional(schema::to_string(*named)) : std::nullopt;
}

std::string dead_letter::reason() const {
    return std::string(header(schema::reason_header).value_or("unknown: the letter does not say"));
}

std::string dead_letter::code() const {
    const auto text = reason();
    return text.substr(0, text.find(':'));
}

int dead_letter::deaths() const {
    return std::max(1, schema::deaths_of(header(schema::attempt_header)));
}

std::int64_t dead_letter::received_ms() const {
    const auto text = header(schema::received_at_header).value_or("");
    const auto ms = base::parse_number<std::int64_t>(text);
    return ms && *ms >= 0 ? std::min(*ms, died_ms) : died_ms;
}

std::vector<std::string> dead_letter::history() const {
    const auto text = header(schema::history_header).value_or("");
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        lines.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::size_t dead_letter::bytes() const {
    std::size_t sum = key.value_or("").size() + (value ? value->size() : 0);
    for (const auto& [name, text] : headers)
        sum += name.size() + text.size();
    return sum;
}

std::string to_string(const partition_offset& at) {
    return fmt::format("{}:{}", at.partition, at.offset);
}

std::string stays_because(const dead_letter& letter, int most_deaths) {
    const auto topic = letter.header(schema::source_topic_header);
    if (!topic) return "it does not say which topic it came from";
    if (std::ranges::find(read_topics, *topic) == read_topics.end()) {
        return fmt::format("it came from {}, which nothing is published to again",
                           printable(*topic));
    }
    if (const auto whole = letter.header(schema::cut_from_header)) {
        return fmt::format("its value was cut: it had {} bytes", *whole);
    }
    if (letter.deaths() >= most_deaths) {
        return fmt::format("it has died {} times (--most-deaths {})", letter.deaths(), most_deaths);
    }
    return {};
}

base::outgoing_record brought_back(const dead_letter& letter) {
    const auto topic = letter.header(schema::source_topic_header).value();
    base::outgoing_record record{std::string(topic), letter.key, letter.value, {}};
    for (const auto& [name, text] : letter.headers) {
        const bool kept = std::ranges::find(of_a_death, name) == of_a_death.end();
        if (kept) record.headers.emplace_back(name, text);
    }
    record.headers.emplace_back(schema::attempt_header, std::to_string(letter.deaths()));
    record.headers.emplace_back(schema::received_at_header, std::to_string(letter.received_ms()));
    record.headers.emplace_back(schema::history_header, history_with(letter));
    return record;
}

}  // namespace nd::ops
