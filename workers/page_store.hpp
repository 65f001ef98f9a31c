// The page taker's Postgres: one connection; versions, sessions and jobs of each tenant in one
// transaction, then the progress. Used by one thread. It never retries and never decides what an
// error means. A new connection is checked before it is used: errc::refused when the role or the
// tables do not hold tenants apart.
#pragma once

#include "base/kafka_consumer.hpp"
#include "base/pg.hpp"
#include "workers/page_batch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nd::workers {

struct pages_stored {
    std::size_t loads = 0;
    std::size_t jobs = 0;              // new ones
    std::vector<dead_letter> refused;  // by Postgres, each by itself
};

class page_store {
  public:
    // `linger`: how long a new job waits for others to share its request with.
    page_store(std::string url, std::string cluster, std::string topic,
               std::chrono::milliseconds linger)
        : url_(std::move(url)),
          cluster_(std::move(cluster)),
          topic_(std::move(topic)),
          linger_(linger) {}

    [[nodiscard]] base::result<std::vector<base::kafka_position>> read_progress();
    // Doing it again changes nothing.
    [[nodiscard]] base::result<pages_stored> store(const page_batch& pages);
    [[nodiscard]] base::result<> advance(std::span<const base::kafka_position> to);
    void disconnect() { db_.reset(); }

  private:
    [[nodiscard]] base::result<> connect();
    [[nodiscard]] base::result<std::size_t> store_tenant(const schema::tenant_id& tenant,
                                                         std::span<const page_load> loads);
    [[nodiscard]] base::result<bool> store_load(base::pg::tenant_tx& tx,
                                                const schema::tenant_id& tenant,
                                                const page_load& load);

    std::string url_;
    std::string cluster_;
    std::string topic_;
    std::chrono::milliseconds linger_;
    std::optional<base::pg::connection> db_;
    std::string elements_;
};

}  // namespace nd::workers
