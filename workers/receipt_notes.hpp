// What receipts have to say of events that are no rows: dead ones, once they are safe in
// nd.dead.v1, and those of erased persons. Called by the store before the progress moves past them;
// doing it again changes nothing. One tenant per transaction.
#pragma once

#include "base/pg.hpp"
#include "schema/user_hash.hpp"
#include "workers/batch.hpp"

#include <map>

namespace nd::workers {

class receipt_notes {
  public:
    // Both ignore an event that no receipt counts.
    void add(const batch_row& row, schema::user_hasher& hash);
    void add(const dead_letter& letter);  // one that could not be read: its person is not known
    // `state`: dead or erased. Errors are those of base/pg.hpp.
    [[nodiscard]] base::result<> write(base::pg::connection& on, std::string_view state) const;

  private:
    struct columns {
        base::pg::uuid_array tenants;
        base::pg::uuid_array requests;
        base::pg::int4_array places;
        base::pg::bytea_array users;
        base::pg::timestamptz_array received;
    };
    columns& of(const schema::tenant_id& tenant, const receipt_place& where, schema::instant when);

    std::map<schema::tenant_id, columns> tenants_;
};

}  // namespace nd::workers
