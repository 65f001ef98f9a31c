// One accepted request on its way to Kafka: it owns the bytes that librdkafka reads, and the
// completion that the session waits for. Counted: the session holds one reference and each message
// that has no report yet another, so a client that hangs up abandons the wait but never a record.
// Lives on one io thread, so the count is a plain number.
#pragma once

#include "base/kafka_producer.hpp"
#include "ingest/body_buffer.hpp"
#include "ingest/request_id.hpp"
#include "schema/environment.hpp"
#include "schema/ids.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace nd::ingest {

// What a coroutine of unknown type left behind to be woken by.
class wake_up {
  public:
    virtual ~wake_up() = default;
    // The coroutine goes on here and now, on its io thread, inside of the report that it waited
    // for: what the report touched is still warm, and nothing is queued.
    virtual void fire() = 0;
};

template <class Handler>
class held_handler final : public wake_up {
  public:
    explicit held_handler(Handler handler) : handler_(std::move(handler)) {}
    void fire() override {
        auto executor = boost::asio::get_associated_executor(handler_);
        boost::asio::dispatch(executor, std::move(handler_));
    }

  private:
    Handler handler_;
};

class publication final : public base::delivery_target {
  public:
    publication(body_buffer bytes, const schema::tenant_id& whose, schema::environment where,
                const request_id& which)
        : body(std::move(bytes)), tenant(whose), environment(where), id(which) {}

    // What its events take of the queue's budget, given back with the last reference. False: there
    // is no room, and nothing was taken.
    [[nodiscard]] bool charge(byte_budget& queue, std::size_t bytes) noexcept;
    // One more message is under way / has its report.
    void sent() noexcept;
    void delivered(base::errc outcome, std::string_view reason) override;

    [[nodiscard]] bool has_pending() const noexcept { return pending_ > 0; }
    // For co_await, once, while something is pending: goes on when every message sent has its
    // report.
    [[nodiscard]] auto all_delivered() {
        return boost::asio::async_initiate<const boost::asio::deferred_t, void()>(
            [this](auto handler) {
                waiter_ = std::make_unique<held_handler<decltype(handler)>>(std::move(handler));
            },
            boost::asio::deferred);
    }

    // The worst report: ok, unavailable, refused or internal, and the broker's words for it.
    [[nodiscard]] base::errc outcome() const noexcept { return outcome_; }
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

    body_buffer body;
    schema::tenant_id tenant;
    schema::environment environment;
    request_id id;
    bool counted = false;  // each record says its place, for the request's receipt

  private:
    friend void intrusive_ptr_add_ref(publication* p) noexcept { ++p->references_; }
    friend void intrusive_ptr_release(publication* p) noexcept {
        if (--p->references_ == 0) delete p;
    }
    ~publication() {
        if (queue_ != nullptr) queue_->give_back(charged_);
    }

    byte_budget* queue_ = nullptr;
    std::size_t charged_ = 0;
    std::size_t references_ = 0;
    std::size_t pending_ = 0;
    base::errc outcome_ = base::errc::ok;
    std::string reason_;
    std::unique_ptr<wake_up> waiter_;
};

using publication_ptr = boost::intrusive_ptr<publication>;

}  // namespace nd::ingest
