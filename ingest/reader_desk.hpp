// Asks Postgres as nd_reader, apart from the keys: threads of its own with a connection each, so
// that a slow database holds up nobody but who asked. main makes one; sessions of every io thread
// ask (receipt_query, page_query). What waits is bounded. Postgres away is no error: it is said to
// who asks, and tried again at most once a second.
#pragma once

#include "base/pg.hpp"
#include "base/task.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nd::ingest {

class reader_desk {
  public:
    static constexpr std::size_t connections = 2;
    static constexpr std::size_t most_waiting = 64;

    // As nd_reader; may lead through PgBouncer. Empty: nothing can be looked up.
    explicit reader_desk(std::string database_url);
    ~reader_desk();  // stops
    reader_desk(const reader_desk&) = delete;

    void start();
    // Before any io_context goes that looks up: who waits gets `unavailable`.
    void stop();

    // io threads. `what` runs on a thread of the desk's, and may still run when who asked has
    // stopped waiting: it owns all that it uses. Errors: busy (too many wait), unavailable
    // (Postgres is away, or did not answer in time).
    template <class T>
    [[nodiscard]] base::task<base::result<T>> ask(
        std::function<base::result<T>(base::pg::connection&)> what) {
        const auto found = std::make_shared<std::optional<T>>();
        work job = [found, what = std::move(what)](base::pg::connection& on) -> base::result<> {
            auto answer = what(on);
            if (!answer) return answer.error();
            *found = *std::move(answer);
            return {};
        };
        auto running = run(std::move(job));
        const auto done = co_await std::move(running);
        if (!done) co_return done.error();
        co_return *std::move(*found);
    }

    // Set when the role is unsafe: main ends the process with this text. Never changes back.
    [[nodiscard]] std::optional<base::error> refused() const;

  private:
    using work = std::function<base::result<>(base::pg::connection&)>;
    struct question;
    using question_ptr = std::shared_ptr<question>;
    class worker;

    [[nodiscard]] base::result<> enqueue(const question_ptr& asked);
    [[nodiscard]] question_ptr next();  // null: stop
    static void answer(const question_ptr& to, base::result<> with);
    [[nodiscard]] base::task<base::result<>> run(work job);

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
