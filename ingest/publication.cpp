#include "ingest/publication.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace nd::ingest {

namespace asio = boost::asio;

namespace {

template <class Handler>
class held_handler final : public wake_up {
  public:
    explicit held_handler(Handler handler) : handler_(std::move(handler)) {}
    void fire() override {
        auto executor = asio::get_associated_executor(handler_);
        asio::post(executor, std::move(handler_));
    }

  private:
    Handler handler_;
};

// An order of badness: what an operator must act on hides what a retry heals.
int badness(base::errc outcome) {
    switch (outcome) {
        case base::errc::ok: return 0;
        case base::errc::busy: return 1;
        case base::errc::unavailable: return 2;
        case base::errc::refused: return 3;
        default: return 4;
    }
}

}  // namespace

bool publication::charge(byte_budget& queue, std::size_t bytes) noexcept {
    if (!queue.take(bytes)) return false;
    queue_ = &queue;
    charged_ = bytes;
    return true;
}

void publication::sent() noexcept {
    ++pending_;
    ++references_;
}

void publication::delivered(base::errc outcome, std::string_view reason) {
    if (badness(outcome) > badness(outcome_)) {
        outcome_ = outcome;
        reason_ = reason;
    }
    --pending_;
    if (pending_ == 0 && waiter_) std::exchange(waiter_, nullptr)->fire();
    intrusive_ptr_release(this);
}

base::task<> publication::all_delivered() {
    if (pending_ == 0) co_return;
    constexpr auto token = asio::use_awaitable_t<asio::io_context::executor_type>();
    auto keep = [this](auto handler) {
        waiter_ = std::make_unique<held_handler<decltype(handler)>>(std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<asio::io_context::executor_type>,
                                  void()>(keep, token);
}

}  // namespace nd::ingest
