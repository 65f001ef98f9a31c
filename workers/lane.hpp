// The thread that talks to Postgres: one job at a time, tried until it is done, dropped or must be
// read again. The writer's loop gives it jobs and takes reports; neither waits for the other longer
// than it wants to. The policy of retries is here and nowhere else.
#pragma once

#include "base/retry.hpp"
#include "workers/deliver.hpp"
#include "workers/health.hpp"
#include "workers/row_store.hpp"
#include "workers/writer_metrics.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace nd::workers {

struct lane_report {
    enum class what {
        progress,  // nd.progress as it is now
        stored,    // the batch is durable
        restart,   // the batch was dropped: ask for the progress and read again from there
        dropped,   // cancelled while waiting
    };
    what kind = what::dropped;
    std::unique_ptr<parcel> load;  // back for reuse, whatever became of it
    std::vector<base::kafka_position> progress;
};

// How long a parked job waits for its next try, and other errors at most; tests shorten it.
struct lane_patience {
    std::chrono::milliseconds parked{30'000};
    std::chrono::milliseconds first{100};
    std::chrono::milliseconds longest{10'000};
};

class lane {
  public:
    lane(row_store& store, publish_dead publish, health& shown, writer_metrics& counts,
         lane_patience patience = {});
    ~lane();  // gives up what it has in hand as soon as the call in flight returns
    lane(const lane&) = delete;
    lane& operator=(const lane&) = delete;

    // Only when idle().
    void store(std::unique_ptr<parcel> load);
    void read_progress();

    [[nodiscard]] bool idle() const { return state_ == state::idle; }
    [[nodiscard]] bool reported() const { return state_ == state::reported; }
    [[nodiscard]] bool is_parked() const { return parked_; }
    // The report, at most `longest` later; then it is idle again. Empty when there is none yet.
    [[nodiscard]] std::optional<lane_report> take(std::chrono::milliseconds longest);
    // What it has in hand is no longer wanted: no further try. The call in flight ends by itself.
    void cancel();

  private:
    enum class state { idle, job, reported };

    void run();
    [[nodiscard]] lane_report do_store(std::unique_ptr<parcel> load);
    [[nodiscard]] lane_report do_read_progress();
    void succeeded();
    void failed(const base::error& e);
    void park(const base::error& e);
    void unpark();
    [[nodiscard]] bool rest(std::chrono::milliseconds wait);  // false: cancelled
    void give(std::unique_ptr<parcel> load);

    row_store& store_;
    publish_dead publish_;
    health& health_;
    writer_metrics& metrics_;
    lane_patience patience_;
    // These four are the thread's own.
    base::backoff backoff_;
    bool must_wait_ = false;          // the next connection is made after a pause
    bool failed_since_read_ = false;  // since nd.progress was last read
    std::minstd_rand random_{std::random_device{}()};

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<state> state_{state::idle};
    std::atomic<bool> parked_{false};
    bool cancelled_ = false;
    bool stopping_ = false;
    std::unique_ptr<parcel> job_;  // none: read the progress
    lane_report report_;
    std::thread thread_;  // last: it starts when everything above is there
};

}  // namespace nd::workers
