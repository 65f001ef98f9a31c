// One idempotent producer on one io thread (acks=all). librdkafka's queue wakes that thread's
// io_context through an eventfd; one wake-up drains all delivery reports, without a lock or a
// thread of ours. Used by ingest/kafka_sink; every member is for the owning thread only, except
// handle() and outstanding(). Payloads are not copied: they must live until their report has come.
#pragma once

#include "base/kafka_conf.hpp"
#include "base/producer_topic.hpp"
#include "base/result.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::base {

// Gets one report for each message that was sent with it: errc::ok, unavailable (not delivered in
// time), refused (the broker says no for good; `reason` is librdkafka's text) or internal (the
// producer is lost).
class delivery_target {
  public:
    virtual void delivered(errc outcome, std::string_view reason) = 0;

  protected:
    ~delivery_target() = default;
};

struct kafka_producer_settings {
    kafka_settings kafka;
    std::string client_id;
    std::vector<std::string> topics;  // by their place, as message_frame names them
    std::size_t queue_bytes = std::size_t{32} << 20;
    std::size_t queue_messages = 65536;  // bounds what librdkafka needs beside the payloads
    int message_timeout_ms = 10000;
    std::vector<std::pair<std::string, std::string>> more;  // tests: librdkafka's own names
};

// What the messages of one request have in common: topic, key, headers and where they go. The key
// must live as long as this.
class message_frame {
  public:
    using header = std::pair<const char*, std::string_view>;
    message_frame(std::size_t topic, std::string_view key, std::span<const header> headers,
                  placement where = placement::by_key);

  private:
    friend class kafka_producer;
    std::size_t topic_;
    std::string_view key_;
    kafka_headers headers_;
    placement where_;
    bool begun_ = false;
};

class kafka_producer {
  public:
    // `on_fatal` is called once, on the io thread, when the idempotent producer can never work
    // again: end the process.
    using fatal_handler = std::function<void(std::string_view reason)>;
    [[nodiscard]] static result<std::unique_ptr<kafka_producer>> open(
        boost::asio::io_context& io, const kafka_producer_settings& settings,
        fatal_handler on_fatal);
    ~kafka_producer();
    kafka_producer(const kafka_producer&) = delete;
    kafka_producer& operator=(const kafka_producer&) = delete;

    // errc::ok: a report will come. busy: the queue is full, no report will come. Others as in
    // delivered().
    // `last`: no message of this frame comes after it; it is given the headers instead of a copy.
    // `more`: a header of this message alone.
    [[nodiscard]] errc send(message_frame& frame, std::string_view payload, delivery_target& target,
                            bool last, const message_frame::header* more = nullptr);

    // Messages without a report yet.
    [[nodiscard]] std::size_t outstanding() const;
    // For the end of a process: reports for everything unsent or unanswered come at once, as
    // unavailable.
    void purge();
    // Thread-safe as librdkafka is: for questions about the cluster and its topics.
    [[nodiscard]] rd_kafka_t* handle() const;

  private:
    struct inside;
    explicit kafka_producer(std::unique_ptr<inside> made);
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::base
