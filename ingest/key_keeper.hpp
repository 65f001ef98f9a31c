// Keeps key_table true. Its own two threads: the keeper owns the query connection (bulk load at
// start and whenever changes may have been missed, changed tenants, single look-ups, a poll of
// nd.control_version every 20 s, last use once a minute); the listener (key_listener.hpp) owns the
// LISTEN connection. main makes one, after the table and the inbox, and stops it before the
// io_contexts go. Postgres away is no error: it says so in state() and tries again with backoff.
#pragma once

#include "base/result.hpp"
#include "ingest/key_inbox.hpp"
#include "ingest/key_table.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace nd::ingest {

struct key_keeper_config {
    std::string database_url;  // may lead through PgBouncer in transaction mode
    std::string listen_url{};  // direct; empty: the same as database_url
    std::chrono::milliseconds poll_every{20'000};
    std::chrono::milliseconds record_use_every{60'000};
};

class key_keeper {
  public:
    key_keeper(key_table& table, key_inbox& inbox, key_keeper_config config);
    ~key_keeper();  // stops

    void start();
    // Answers waiters, writes the last use once more if Postgres is there, joins both threads.
    void stop();

    struct state {
        bool loaded = false;              // the first bulk load is done: the edge may be ready
        bool postgres_reachable = false;  // the last query succeeded
        bool listening = false;           // changes arrive at once; otherwise by the poll
        std::size_t keys = 0;
        std::chrono::seconds confirmed_ago{0};  // meaningless until loaded
    };
    [[nodiscard]] state now() const;
    // Set when a role is unsafe (design: refuse to start): main ends the process with this text.
    // Never changes back.
    [[nodiscard]] std::optional<base::error> refused() const;

  private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace nd::ingest
