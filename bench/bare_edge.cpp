#include "bench/bare_edge.hpp"

#include "base/append.hpp"
#include "bench/bare_producer.hpp"

#include <simdjson.h>
#include <sys/eventfd.h>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>

namespace nd::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using executor = forked_server::executor;
using socket_type = forked_server::socket_type;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;
constexpr auto use_task = asio::use_awaitable_t<executor>();

// A request's events that Kafka has not answered for. The timer never runs out: it is cancelled.
struct waiting {
    explicit waiting(const executor& on) : done(on, timer::time_point::max()) {}
    timer done;
    std::size_t events = 0;
    bool failed = false;
};

class producer {
  public:
    producer(asio::io_context& io, const std::string& kafka, const std::string& topic)
        : to_(kafka, "nd-bare-edge", {topic}, {{"compression.codec", "zstd"}}),
          wake_(io.get_executor()) {
        const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        wake_.assign(fd);
        rd_kafka_queue_io_event_enable(to_.reports.get(), fd, &one, sizeof one);
        take_reports();
        await_wake();
    }

    // The event's bytes stay the caller's and must live until the report.
    void produce(std::string_view event, waiting& by) {
        const int refused =
            rd_kafka_produce(to_.topic.get(), RD_KAFKA_PARTITION_UA, 0,
                             const_cast<char*>(event.data()), event.size(), nullptr, 0, &by);
        if (refused == 0)
            ++by.events;
        else
            by.failed = true;
    }

  private:
    static constexpr std::uint64_t one = 1;

    void await_wake() {
        wake_.async_read_some(asio::buffer(&wakes_, sizeof wakes_),
                              [this](const boost::system::error_code& ec, std::size_t) {
                                  if (ec) return;
                                  take_reports();
                                  await_wake();
                              });
    }

    void take_reports() {
        while (const base::kafka_event event{rd_kafka_queue_poll(to_.reports.get(), 0)}) {
            while (const auto* message = rd_kafka_event_message_next(event.get())) {
                auto* request = static_cast<waiting*>(message->_private);
                if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) request->failed = true;
                if (--request->events == 0) request->done.cancel();
            }
        }
    }

    bare_producer to_;
    asio::posix::basic_stream_descriptor<executor> wake_;
    std::uint64_t wakes_ = 0;
};

// False: `body` is no object with a list of events.
bool produce_all(simdjson::ondemand::parser& json, std::string& body, producer& to, waiting& by) {
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    simdjson::ondemand::array events;
    if (json.iterate(body).get(document) != simdjson::SUCCESS) return false;
    if (document["events"].get_array().get(events) != simdjson::SUCCESS) return false;
    for (auto found : events) {
        simdjson::ondemand::value event;
        std::string_view bytes;
        if (found.get(event) != simdjson::SUCCESS) return false;
        if (simdjson::to_json_string(event).get(bytes) != simdjson::SUCCESS) return false;
        to.produce(bytes, by);
    }
    return true;
}

void append_answer(std::string& out, bool read, bool failed, std::size_t events) {
    std::string_view status = "202 Accepted";
    if (failed) status = "503 Service Unavailable";
    if (!read) status = "400 Bad Request";
    std::string body;
    base::append(body, "{\"accepted\":", events, "}");
    base::append(out, "HTTP/1.1 ", status,
                 "\r\nContent-Type: application/json\r\nContent-Length: ", body.size(), "\r\n\r\n",
                 body);
}

base::task<> serve(socket_type socket, producer& to) {
    boost::beast::flat_buffer buffer;
    simdjson::ondemand::parser json;
    std::string answer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(16U << 20U);
        boost::system::error_code ec;
        co_await http::async_read(socket, buffer, parser, asio::redirect_error(use_task, ec));
        if (ec) co_return;
        waiting request(socket.get_executor());
        const bool read = produce_all(json, parser.get().body(), to, request);
        const auto events = request.events;
        while (request.events > 0)
            co_await request.done.async_wait(asio::redirect_error(use_task, ec));
        answer.clear();
        append_answer(answer, read, request.failed, events);
        co_await asio::async_write(socket, asio::buffer(answer),
                                   asio::redirect_error(use_task, ec));
        if (ec) co_return;
    }
}

}  // namespace

bare_edge::bare_edge(const std::string& kafka, const std::string& topic)
    : forked_server([&](asio::io_context& io) -> service {
          auto to = std::make_shared<producer>(io, kafka, topic);
          return [to](socket_type socket) { return serve(std::move(socket), *to); };
      }) {}

}  // namespace nd::bench
