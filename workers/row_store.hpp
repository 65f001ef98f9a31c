// Where a batch goes: the database as deliver and the lane see it. pg_store is the real one; tests
// put one in its place that fails as told.
#pragma once

#include "base/kafka_consumer.hpp"
#include "base/result.hpp"
#include "workers/batch.hpp"
#include "workers/columns.hpp"
#include "workers/group.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nd::workers {

// A batch ready to be sent.
struct parcel {
    std::uint64_t number = 0;  // for the log
    std::uint64_t epoch = 0;   // of the assignment that it was read under
    std::string topic;         // where its records are
    batch records;
    grouping groups;
    row_columns columns;
};

struct refused_row {
    std::uint32_t row = 0;  // index into the batch's rows
    std::string sqlstate;
    std::string reason;
};

struct stored {
    std::int64_t inserted = 0;
    std::int64_t duplicates = 0;
    std::int64_t conflicts = 0;
    std::vector<refused_row> refused;
    std::int64_t erased = 0;  // left out: their person or tenant was erased
};

class row_store {
  public:
    virtual ~row_store() = default;

    // Opens a connection when there is none. Always first: nothing is stored over a connection
    // on which the progress was not read, or a restored database would keep its hole.
    [[nodiscard]] virtual base::result<std::vector<base::kafka_position>> read_progress() = 0;
    // Durable on return when no row was refused. With `advance` the progress moves past the batch
    // in the same breath, unless a row was refused.
    [[nodiscard]] virtual base::result<stored> store(const parcel& load, bool advance) = 0;
    // The batch again without these rows, which are safe elsewhere by now, and the progress past
    // all of it; durable on return. What the call before stored is there already, unless a crash or
    // a failover took it back in between: then it is stored now.
    [[nodiscard]] virtual base::result<> store_rest(const parcel& load,
                                                    std::span<const refused_row> elsewhere) = 0;
    // The next read_progress() opens a new connection.
    virtual void disconnect() = 0;
};

}  // namespace nd::workers
