// When an event that was sent became a row that can be read: follows a sample of identities from
// the moment their request was due to the moment a query finds them. A thread of its own asks every
// few milliseconds; that pause is part of what it measures.
#pragma once

#include "bench/load.hpp"
#include "bench/store_watch.hpp"

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

namespace nd::bench {

class freshness {
  public:
    // Follows one acknowledged request out of `every`.
    freshness(bed& on, std::uint64_t every);
    ~freshness();
    freshness(const freshness&) = delete;
    freshness& operator=(const freshness&) = delete;

    // For load::on_answer, with that load's ids and the tenants of its keys.
    void acknowledged(const load::answer& of, const fresh_ids& ids,
                      std::span<const std::string> tenants);
    // Waits for what is still followed, then ends. The samples that never became rows are lost.
    void finish(std::chrono::seconds longest);
    [[nodiscard]] const histogram& seen() const noexcept { return seen_; }
    [[nodiscard]] std::size_t lost() const noexcept { return followed_.size(); }
    [[nodiscard]] pid_t backend() { return watch_.backend(); }

  private:
    struct followed {
        store_watch::sample what;
        load::clock::time_point due;
    };
    void ask_repeatedly();
    void ask();

    store_watch watch_;
    std::uint64_t every_;
    std::uint64_t answered_ = 0;
    std::mutex lock_;
    std::vector<followed> new_;      // under the lock
    std::deque<followed> followed_;  // the thread's
    histogram seen_;                 // the thread's until finish()
    std::atomic<bool> ending_{false};
    load::clock::time_point give_up_{};
    std::thread asking_;
};

}  // namespace nd::bench
