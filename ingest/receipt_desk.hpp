// Looks receipts up in Postgres, as nd_reader and apart from the keys: threads of its own with a
// connection each, so that a slow database holds up nobody but who asked for a receipt. main makes
// one; sessions of every io thread ask. What waits is bounded. Postgres away is no error: it is
// said to who asks, and tried again at most once a second.
#pragma once

#include "base/pg.hpp"
#include "base/task.hpp"
#include "schema/receipt.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nd::ingest {

struct receipt_counts {
    std::int64_t stored = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    [[nodiscard]] std::int64_t pending(std::int64_t accepted) const {
        return accepted - stored - dead - erased;
    }
};

class receipt_desk {
  public:
    static constexpr std::size_t connections = 2;
    static constexpr std::size_t most_waiting = 64;

    // As nd_reader; may lead through PgBouncer. Empty: nothing can be looked up.
    explicit receipt_desk(std::string database_url);
    ~receipt_desk();  // stops
    receipt_desk(const receipt_desk&) = delete;

    void start();
    // Before any io_context goes that looks up: who waits gets `unavailable`.
    void stop();

    // io threads. Errors: busy (too many wait), unavailable (Postgres is away, or did not answer).
    [[nodiscard]] base::task<base::result<receipt_counts>> look_up(schema::receipt what);

    // Set when the role is unsafe: main ends the process with this text. Never changes back.
    [[nodiscard]] std::optional<base::error> refused() const;

  private:
    struct question;
    using question_ptr = std::shared_ptr<question>;
    class worker;

    [[nodiscard]] base::result<> enqueue(const question_ptr& asked);
    [[nodiscard]] question_ptr next();  // null: stop
    static void answer(const question_ptr& to, base::result<receipt_counts> with);

    std::string url_;
    mutable std::mutex lock_;
    std::condition_variable wake_;
    std::deque<question_ptr> waiting_;
    std::optional<base::error> refused_;
    bool serving_ = false;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace nd::ingest
