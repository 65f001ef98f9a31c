// The edge to what an erasure does in Postgres, step by step. Called by `ndctl erase`; each step is
// safe to do again, and a run that was cut short is finished by running the command again. Errors
// are base/pg.hpp's.
#pragma once

#include "base/hmac.hpp"
#include "base/pg.hpp"
#include "schema/user_hash.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nd::ops {

// One person of a tenant, or the tenant as a whole.
struct erasure {
    std::string tenant;
    std::optional<std::string> user;
    std::vector<std::uint8_t> hash;  // of the person; empty for the tenant
    schema::user_hasher::key_id key{};
};
[[nodiscard]] erasure erasure_of(const schema::tenant_id& tenant, std::optional<std::string> user,
                                 std::string_view pepper);

struct erased_rows {
    std::int64_t deleted = 0;
    std::int64_t kept = 0;    // of the same person, received after the instant
    std::int64_t staged = 0;  // deleted from what replays put beside the events
};

// What leads from nd.page_texts to the person: that their sessions have met a text. Only while
// their events are here can anybody say which sessions those were, so it comes before erase_rows.
// How many texts that concerned. Of a tenant as a whole, all its pages go instead; how many
// versions.
[[nodiscard]] base::result<std::int64_t> erase_pages(base::pg::connection& on, const erasure& what,
                                                     std::string_view pepper);

// How many rows there are now.
[[nodiscard]] base::result<std::int64_t> count_rows(base::pg::connection& on, const erasure& what);
// From now on no way of inserting takes what arrived until now; committed on return. The instant,
// RFC 3339.
[[nodiscard]] base::result<std::string> put_tombstone(base::pg::connection& on,
                                                      const erasure& what);
// Until no statement of the writer's role runs that began before now: such a one may not have seen
// the tombstone. `as_writer` is a connection as nd_writer. Error unavailable: one still runs after
// `longest`.
[[nodiscard]] base::result<> wait_for_writers(base::pg::connection& as_writer,
                                              std::chrono::milliseconds longest);
// In slices, each a transaction of its own, until a whole pass finds nothing left to delete.
using show_rows = std::function<void(std::int64_t seen, std::int64_t deleted)>;
[[nodiscard]] base::result<erased_rows> erase_rows(base::pg::connection& on, const erasure& what,
                                                   const show_rows& show);
// The receipts that now say erased.
[[nodiscard]] base::result<std::int64_t> erase_receipts(base::pg::connection& on,
                                                        const erasure& what);

}  // namespace nd::ops
