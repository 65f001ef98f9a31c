#include "bench/bare_edge.hpp"

#include "base/append.hpp"
#include "bench/awaited_producer.hpp"

#include <simdjson.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <string_view>

namespace nd::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using socket_type = forked_server::socket_type;
constexpr auto use_task = asio::use_awaitable_t<forked_server::executor>();

// False: `body` is no object with a list of events.
bool produce_all(simdjson::ondemand::parser& json, std::string& body, awaited_producer& to,
                 awaited_producer::request& of) {
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
        to.produce(bytes, of);
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

base::task<> serve(socket_type socket, awaited_producer& to) {
    boost::beast::flat_buffer buffer;
    simdjson::ondemand::parser json;
    std::string answer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(16U << 20U);
        boost::system::error_code ec;
        co_await http::async_read(socket, buffer, parser, asio::redirect_error(use_task, ec));
        if (ec) co_return;
        awaited_producer::request request(socket.get_executor());
        const bool read = produce_all(json, parser.get().body(), to, request);
        const auto events = request.outstanding;
        while (request.outstanding > 0)
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
          auto to = std::make_shared<awaited_producer>(io, kafka, "nd-bare-edge", topic, "zstd");
          return [to](socket_type socket) { return serve(std::move(socket), *to); };
      }) {}

}  // namespace nd::bench
