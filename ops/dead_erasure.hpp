// The dead letters of an erased person or tenant: found in nd.dead.v1 and marked as erased, because
// a record of Kafka cannot be removed by itself. Called by `ndctl erase` after the rows are gone.
// Doing it again changes nothing.
#pragma once

#include "base/pg.hpp"
#include "ops/erasure.hpp"
#include "ops/settings.hpp"
#include "schema/event_scan.hpp"
#include "schema/instant.hpp"
#include "schema/read_record.hpp"

#include <cstdint>

namespace nd::ops {

// Whether a record of nd.dead.v1 is of this tenant or person, and arrived at or before the instant.
// A value that is no event is the person's when it has the id as a JSON text in it: better one
// letter too many. Pure.
[[nodiscard]] bool is_of(const schema::raw_record& letter, const erasure& what,
                         schema::instant until, schema::event_scanner& scanner);

// How many letters are marked that were not. Errors: base/pg.hpp's and ops/record_log.hpp's.
[[nodiscard]] base::result<std::int64_t> erase_letters(const settings& from,
                                                       base::pg::connection& on,
                                                       const erasure& what, schema::instant until);

}  // namespace nd::ops
