// What the keeper's thread waits for: keys to look up (from the io threads), changed tenants (from
// the listener), a stop. All bounded: one look-up per key at a time, at most 50 a second, absent
// keys remembered for 10 s. Any thread; one short lock, touched only for keys outside the table.
#pragma once

#include "base/task.hpp"
#include "ingest/key_misses.hpp"
#include "ingest/key_record.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace nd::ingest {

enum class lookup_outcome {
    in_table,     // found: the table has it now
    absent,       // no such key
    revoked,      // it was a key once
    unavailable,  // Postgres is away, or too many unknown keys at once
};

class key_inbox {
  public:
    using clock = std::chrono::steady_clock;

    // io threads. Waits at most `longest`, on its own io_context.
    [[nodiscard]] base::task<lookup_outcome> look_up(key_hash hash, clock::duration longest);
    [[nodiscard]] std::optional<lookup_outcome> known_miss(const key_hash& hash);

    // The listener.
    void tenant_changed(const schema::tenant_id& tenant);
    void everything_changed();

    // The keeper.
    struct mail {
        std::vector<key_hash> wanted;
        std::vector<schema::tenant_id> changed;
        bool everything = false;
        bool stop = false;
    };
    // Waits until there is something or the time has come, and takes all of it.
    [[nodiscard]] mail wait_until(clock::time_point deadline);
    void settle(const key_hash& hash, lookup_outcome outcome);
    // While Postgres is away nobody waits for it: waiters are answered `unavailable`, and so are
    // new ones at once.
    void reachable(bool yes);

    // main, before any io_context goes that looked up: nothing is posted there any more, waiters
    // get `unavailable`, and the keeper's next mail says stop.
    void stop();
    [[nodiscard]] bool stopping() const;
    // Sleeps, but not past a stop: true when stopping.
    [[nodiscard]] bool pause(clock::duration longest);

  private:
    struct waiter;
    class waiting;
    using waiters = std::vector<std::shared_ptr<waiter>>;
    // Nothing when `who` has to wait.
    [[nodiscard]] std::optional<lookup_outcome> enrol(const key_hash& hash,
                                                      const std::shared_ptr<waiter>& who);
    static void answer(const waiters& all, lookup_outcome outcome);
    void turn_away();  // under the lock

    mutable std::mutex lock_;
    std::condition_variable wake_;        // the keeper's
    std::condition_variable wake_pause_;  // of whoever pauses
    key_misses misses_;
    std::unordered_map<key_hash, waiters> asked_;  // a question is under way
    std::unordered_set<schema::tenant_id> changed_;
    std::vector<key_hash> wanted_;
    bool everything_ = false;
    bool reachable_ = false;
    bool stop_ = false;
};

}  // namespace nd::ingest
