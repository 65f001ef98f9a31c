// The writer's Postgres: one connection, the CALL that stores a batch, the progress. Used by one
// thread. It never retries and never decides what an error means: the lane does.
//
// A new connection is checked before it is used: errc::refused when the role or the tables do not
// hold tenants apart. All other errors are base/pg.hpp's.
#pragma once

#include "base/pg.hpp"
#include "workers/row_store.hpp"

#include <optional>
#include <string>

namespace nd::workers {

class pg_store final : public row_store {
  public:
    pg_store(std::string url, std::string cluster, std::string topic)
        : url_(std::move(url)), cluster_(std::move(cluster)), topic_(std::move(topic)) {}

    [[nodiscard]] base::result<std::vector<base::kafka_position>> read_progress() override;
    [[nodiscard]] base::result<stored> store(const parcel& load, bool advance) override;
    [[nodiscard]] base::result<> store_rest(const parcel& load,
                                            std::span<const refused_row> elsewhere) override;
    void disconnect() override { db_.reset(); }

  private:
    [[nodiscard]] base::result<> connect();
    [[nodiscard]] base::result<stored> call(const parcel& load, const grouping& groups,
                                            const row_columns& columns, bool advance);

    std::string url_;
    std::string cluster_;
    std::string topic_;
    std::optional<base::pg::connection> db_;
    progress_columns progress_;
};

}  // namespace nd::workers
