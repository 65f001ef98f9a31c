// Holds what has no row against nd.dead.v1: which of it is an open dead letter, which the operator
// has dealt with, and which nobody accounts for. Called by the audit once, and only when something
// has no row. It matches by the event itself where a record names one, so that a letter that was
// published again and died again is found by its newest copy; by the record's place otherwise.
// Errors: Kafka's, Postgres's and the spill file's.
#pragma once

#include "ops/audit_reader.hpp"

#include <functional>

namespace nd::ops {

// again: its letter was published again, and that record is not due (yet, or in this range).
enum class fate { dead, dropped, erased, again, lost };

struct unstored {
    sighting_sorter events;  // due, without a row; deaths() of the due record that has most
    place_sorter places;     // due, naming no event
};

struct letter_scope {
    const settings* from = nullptr;
    base::pg::connection* on = nullptr;
    const audit_scope* scope = nullptr;
    std::optional<std::int64_t> first_ms;  // of the records; no letter of them is older
};

// f for each event of `of` in order, and g for each place.
[[nodiscard]] base::result<> settle(
    const letter_scope& by, unstored& of,
    const std::function<void(const sighting& event, fate became)>& f,
    const std::function<void(const log_place& place, fate became)>& g);

struct letter_state {
    std::string state;         // "" is open
    std::uint32_t deaths = 1;  // which of the event's deaths it is about
};
// What an event's letters come to. The record that a letter becomes when it is published again
// has died as often as the letter says. `deaths`: of the due record that had died most often. So a
// replayed letter of more deaths became a record that is not due; otherwise that record is due, and
// has neither row nor letter. Pure.
[[nodiscard]] fate fate_of(std::span<const letter_state> letters, std::uint32_t deaths);

}  // namespace nd::ops
