// nd-enricher's first half: nd.pages.v1 -> versions, sessions and jobs in Postgres. A loop for one
// thread; where it reads from is what nd.progress says, as for events. Whatever goes wrong, what is
// in hand is dropped and read again: storing a page twice changes nothing.
#pragma once

#include "base/kafka_consumer.hpp"
#include "base/retry.hpp"
#include "workers/deliver.hpp"
#include "workers/enricher_metrics.hpp"
#include "workers/health.hpp"
#include "workers/page_store.hpp"
#include "workers/progress.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <vector>

namespace nd::workers {

class page_taker {
  public:
    page_taker(base::kafka_consumer_settings consumer, page_store& store, publish_dead publish,
               health& shown, enricher_metrics& counts);

    // Joins the group and works until `stop` says so; then leaves it. Errors end the process.
    [[nodiscard]] base::result<> run(const std::function<bool()>& stop);

  private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] base::result<> step();
    [[nodiscard]] base::result<> place();
    void on_assigned(const std::vector<std::int32_t>& partitions);
    void on_revoked();
    [[nodiscard]] base::result<> fill();
    [[nodiscard]] base::result<> store();
    [[nodiscard]] base::result<> publish_refused(std::span<const dead_letter> refused);
    void failed(const base::error& why);
    // The lag; and whether the database is still the one: a restored copy knows less.
    void look_sometimes();

    base::kafka_consumer_settings settings_;
    page_store& store_;
    publish_dead publish_;
    health& health_;
    enricher_metrics& metrics_;
    std::vector<std::int32_t> ours_;
    bool placed_ = false;
    clock::time_point place_at_{};
    positions positions_;
    page_batch filling_;
    std::vector<covered> covers_;
    clock::time_point first_at_{};
    clock::time_point looked_at_{};
    base::backoff backoff_{std::chrono::milliseconds(200), std::chrono::milliseconds(10'000)};
    std::minstd_rand random_{std::random_device{}()};
    std::unique_ptr<base::kafka_consumer> consumer_;  // last: its events touch all of the above
};

}  // namespace nd::workers
