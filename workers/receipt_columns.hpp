// What receipts and tombstones need of a batch, as arrays of the CALL. Empty for a batch in which
// nobody asked for a receipt, and left out where no tombstone could concern it, which is the usual
// case. Called by the store, on its thread. Pure.
#pragma once

#include "base/pg_array.hpp"
#include "schema/user_hash.hpp"
#include "workers/batch.hpp"
#include "workers/group.hpp"

#include <span>

namespace nd::workers {

struct receipt_columns {
    base::pg::int4_array lo;  // one per group: its entries, from 1; 0 and 0 for none
    base::pg::int4_array hi;
    base::pg::int4_array rows;  // one per entry: its row's place in the CALL
    base::pg::uuid_array requests;
    base::pg::int4_array places;
    base::pg::bytea_array users;

    void clear();
    void fill(std::span<const batch_row> all, const grouping& groups, schema::user_hasher& hash);
};

// The person of a row, empty without one: what tombstones and receipts compare.
void add_user_hash(base::pg::bytea_array& to, const batch_row& row, schema::user_hasher& hash);

}  // namespace nd::workers
