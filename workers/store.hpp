// The writer's Postgres: one connection, the CALL that stores a batch, the progress. Used by one
// thread. It never retries and never decides what an error means: the lane does.
//
// A new connection is checked before it is used: errc::refused when the role or the tables do not
// hold tenants apart. All other errors are base/pg.hpp's.
#pragma once

#include "base/pg.hpp"
#include "schema/user_hash.hpp"
#include "workers/receipt_columns.hpp"
#include "workers/row_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::workers {

class pg_store final : public row_store {
  public:
    // The pepper hashes persons, as it does in `ndctl erase`.
    pg_store(std::string url, std::string cluster, std::string topic, std::string_view pepper)
        : url_(std::move(url)),
          cluster_(std::move(cluster)),
          topic_(std::move(topic)),
          hasher_(pepper) {}

    [[nodiscard]] base::result<std::vector<base::kafka_position>> read_progress() override;
    [[nodiscard]] base::result<stored> store(const parcel& load, bool advance) override;
    [[nodiscard]] base::result<> store_rest(const parcel& load,
                                            std::span<const refused_row> elsewhere) override;
    void disconnect() override { db_.reset(); }

  private:
    [[nodiscard]] base::result<> connect();
    struct said {
        stored rows;
        bool wants_hashes = false;          // nothing was stored: call again with hashes
        std::vector<std::uint32_t> erased;  // nothing was stored: call again without these rows
    };
    enum class hashes { left_out, sent };
    [[nodiscard]] base::result<said> call(const parcel& load, const grouping& groups,
                                          const row_columns& columns, bool advance, hashes with);
    [[nodiscard]] base::result<said> read_answer(const base::pg::rows& answer,
                                                 const grouping& groups) const;
    // As tombstones allow.
    [[nodiscard]] base::result<stored> store_allowed(const parcel& load, const grouping& groups,
                                                     const row_columns& columns, bool advance);
    [[nodiscard]] base::result<stored> store_without_erased(const parcel& load,
                                                            const grouping& groups, bool advance);

    std::string url_;
    std::string cluster_;
    std::string topic_;
    std::optional<base::pg::connection> db_;
    progress_columns progress_;
    schema::user_hasher hasher_;
    receipt_columns receipts_;
};

}  // namespace nd::workers
