// Holds what has no row against nd.dead.v1: which of it is an open dead letter, which the operator
// has dealt with, and which nobody accounts for. Called by the audit once, and only when something
// has no row. It matches by the event itself where a record names one, so that a letter that was
// replayed and died again is found by its newest copy; by the record's place otherwise.
// Errors: Kafka's, Postgres's and the spill file's.
#pragma once

#include "ops/audit_reader.hpp"

#include <functional>

namespace nd::ops {

enum class fate { dead, dropped, erased, replayed, lost };

struct unstored {
    sighting_sorter events;  // due, without a row
    place_sorter places;     // due, naming no event
};

struct letter_scope {
    const settings* from = nullptr;
    base::pg::connection* on = nullptr;
    const audit_scope* scope = nullptr;
    std::optional<std::int64_t> first_ms;  // of the records; no letter of them is older
};

// f for each event of `of` in order, and g for each place. `replayed` means that its letter was
// published again and that it is still not there: it is as lost as the others.
[[nodiscard]] base::result<> settle(
    const letter_scope& by, unstored& of,
    const std::function<void(const sighting& event, fate became)>& f,
    const std::function<void(const log_place& place, fate became)>& g);

// What an event's letters, each with its state ("" is open), come to. Pure.
[[nodiscard]] fate fate_of(std::span<const std::string> states);

}  // namespace nd::ops
