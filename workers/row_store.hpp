// Where a batch goes: the database as deliver and the lane see it. pg_store is the real one; tests
// put one in its place that fails as told.
#pragma once

#include "base/kafka_consumer.hpp"
#include "base/result.hpp"
#include "workers/batch.hpp"
#include "workers/columns.hpp"
#include "workers/group.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nd::workers {

// A batch ready to be sent.
struct parcel {
    std::uint64_t number = 0;  // for the log
    std::uint64_t epoch = 0;   // of the assignment that it was read under
    batch records;
    grouping groups;
    row_columns columns;
};

struct refused_row {
    std::size_t row = 0;  // index into the batch's rows
    std::string sqlstate;
    std::string reason;
};

struct stored {
    std::int64_t inserted = 0;
    std::int64_t duplicates = 0;
    std::int64_t conflicts = 0;
    std::vector<refused_row> refused;
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
    // Moves the progress past the batch; durable with everything before it.
    [[nodiscard]] virtual base::result<> write_progress(const parcel& load) = 0;
    // The next read_progress() opens a new connection.
    virtual void disconnect() = 0;
};

}  // namespace nd::workers
