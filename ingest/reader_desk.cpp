#include "ingest/reader_desk.hpp"

#include "base/log.hpp"
#include "sql/isolation.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace nd::ingest {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using executor = asio::io_context::executor_type;
using timer = asio::basic_waitable_timer<clock_type, asio::wait_traits<clock_type>, executor>;

namespace {

constexpr auto longest_wait = 5s;  // of a request: beyond connecting and asking
constexpr auto connect_within = 2s;
constexpr auto answer_within = 2s;
constexpr auto next_try_after = 1s;

base::error away() {
    return base::failure(base::errc::unavailable, "Postgres cannot be asked");
}

}  // namespace

// One request that waits. Timer and outcome are touched on its own io_context only; the timer lives
// in its coroutine, which may have ended when the answer comes.
struct reader_desk::question {
    work what;
    executor on;
    timer* waits = nullptr;
    std::optional<base::result<>> outcome;
};

// One thread and its connection.
class reader_desk::worker {
  public:
    explicit worker(reader_desk& of) : of_(of) {}

    void run() {
        static_cast<void>(connect());  // what is wrong with the role is known before anybody asks
        while (const auto asked = of_.next()) {
            if (const auto open = connect(); !open) {
                answer(asked, open.error());
                continue;
            }
            auto found = asked->what(*db_);
            if (!found && !said_)
                base::log::warning("a question of a request failed",
                                   {{"reason", found.error().detail}});
            said_ = !found;
            answer(asked, std::move(found));
        }
    }

  private:
    base::result<> connect() {
        if (db_ && db_->usable()) return {};
        if (clock_type::now() < next_try_) return away();
        next_try_ = clock_type::now() + next_try_after;
        auto opened = base::pg::connection::open(of_.url_, {.application_name = "nd-ingest-reader",
                                                            .connect_timeout = connect_within,
                                                            .deadline = answer_within});
        if (!opened) return complain(opened.error());
        if (auto safe = sql::refuse_unsafe(*opened); !safe) {
            // A SQLSTATE means that the question failed, not that the answer was bad.
            if (safe.error().code == base::errc::refused && safe.error().sqlstate.empty()) {
                const std::scoped_lock held(of_.lock_);
                of_.refused_ = safe.error();
            }
            return complain(safe.error());
        }
        db_.emplace(std::move(*opened));
        said_ = false;
        return {};
    }

    // Once per outage, not once per attempt.
    base::error complain(const base::error& why) {
        if (!std::exchange(said_, true))
            base::log::warning("nothing can be looked up for requests", {{"reason", why.detail}});
        return away();
    }

    reader_desk& of_;
    std::optional<base::pg::connection> db_;
    clock_type::time_point next_try_{};
    bool said_ = false;
};

reader_desk::reader_desk(std::string database_url) : url_(std::move(database_url)) {}

reader_desk::~reader_desk() {
    stop();
}

void reader_desk::start() {
    if (url_.empty()) return;
    serving_ = true;
    while (threads_.size() < connections)
        threads_.emplace_back([this] { worker(*this).run(); });
}

void reader_desk::stop() {
    std::deque<question_ptr> left;
    {
        const std::scoped_lock held(lock_);
        stop_ = true;
        left.swap(waiting_);
    }
    wake_.notify_all();
    for (const auto& asked : left)
        answer(asked, away());
    for (auto& one : threads_)
        one.join();
    threads_.clear();
}

std::optional<base::error> reader_desk::refused() const {
    const std::scoped_lock held(lock_);
    return refused_;
}

base::result<> reader_desk::enqueue(const question_ptr& asked) {
    const std::scoped_lock held(lock_);
    if (!serving_ || stop_) return away();
    if (waiting_.size() >= most_waiting)
        return base::failure(base::errc::busy, "too many look-ups wait");
    waiting_.push_back(asked);
    wake_.notify_one();
    return {};
}

reader_desk::question_ptr reader_desk::next() {
    std::unique_lock held(lock_);
    wake_.wait(held, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return nullptr;
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
}

void reader_desk::answer(const question_ptr& to, base::result<> with) {
    asio::post(to->on, [to, with = std::move(with)] {
        to->outcome = with;
        if (to->waits != nullptr) to->waits->cancel();
    });
}

base::task<base::result<>> reader_desk::run(work job) {
    const auto here = co_await asio::this_coro::executor;
    const auto me = std::make_shared<question>(question{std::move(job), here, nullptr, {}});
    if (auto queued = enqueue(me); !queued) co_return queued.error();
    // The answer is posted to this thread's io_context, so it cannot come before the wait begins.
    timer waits(here, longest_wait);
    me->waits = &waits;
    boost::system::error_code ended;
    constexpr asio::use_awaitable_t<executor> use_task;
    co_await waits.async_wait(asio::redirect_error(use_task, ended));
    me->waits = nullptr;
    if (!me->outcome) co_return away();
    co_return *me->outcome;
}

}  // namespace nd::ingest
