// Hears about changed keys the moment they are committed: LISTEN nd_control on a connection and a
// thread of its own, so that a direct address that does not answer holds up nothing else. Owned by
// key_keeper. Whenever it (re)connects, everything may have changed, and it says so. Without it
// changes still arrive, by the keeper's poll.
#pragma once

#include "base/pg.hpp"
#include "ingest/key_inbox.hpp"

#include <atomic>
#include <string>

namespace nd::ingest {

class key_listener {
  public:
    key_listener(key_inbox& inbox, std::string direct_url);

    void run();  // the thread's body; returns soon after the inbox is stopped
    [[nodiscard]] bool listening() const { return listening_.load(std::memory_order_relaxed); }

  private:
    [[nodiscard]] base::result<base::pg::connection> subscribe() const;
    [[nodiscard]] base::error follow(base::pg::connection& on);
    void deliver(const base::pg::notification& heard);

    key_inbox& inbox_;
    std::string url_;
    std::atomic<bool> listening_{false};
};

}  // namespace nd::ingest
