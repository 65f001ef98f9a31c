// One record of nd.dead.v1 as an operator deals with it: whose it is, why it died, and the record
// that brings it back. Pure. workers/dead.hpp writes these records, ops/dead_pages.hpp reads them.
#pragma once

#include "base/kafka_sync_producer.hpp"
#include "ops/record_range.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::ops {

struct dead_letter {
    partition_offset at;  // in nd.dead.v1: its name
    std::int64_t died_ms = 0;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::string>> headers;

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    // None: a stray, whose key names no tenant.
    [[nodiscard]] std::optional<std::string> tenant() const;
    [[nodiscard]] std::string reason() const;  // "code: sentence"
    [[nodiscard]] std::string code() const;    // the word before the colon
    [[nodiscard]] int deaths() const;          // this one counted; at least 1
    // When the event first arrived. Letters that do not say it died moments after.
    [[nodiscard]] std::int64_t received_ms() const;
    // A line for each death before this one.
    [[nodiscard]] std::vector<std::string> history() const;
    [[nodiscard]] std::size_t bytes() const;
};

// What became of a letter: nd.dead_state.
struct dead_mark {
    std::string state = "open";  // dropped, erased, replayed
    std::string note;
    std::string by;
    std::string at;
};

struct known_letter {
    dead_letter letter;
    dead_mark mark;
};

// "3:1200", as list shows it and --letter takes it.
[[nodiscard]] std::string to_string(const partition_offset& at);

// Why this letter stays where it is, for a person; "" when it may be replayed. A record that came
// from nowhere that is read again cannot, one that was cut must not, and one that died
// `most_deaths` times has had its chances: without an end to them, a replay that is run by a clock
// would never end.
[[nodiscard]] std::string stays_because(const dead_letter& letter, int most_deaths);

// The record for the topic that it came from: key, value and headers as they came, with the number
// of its deaths, their history and the time at which it first arrived. Only of a letter that does
// not stay.
[[nodiscard]] base::outgoing_record brought_back(const dead_letter& letter);

}  // namespace nd::ops
