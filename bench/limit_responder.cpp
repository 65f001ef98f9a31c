#include "bench/limit_responder.hpp"

#include "bench/awaited_producer.hpp"
#include "bench/inflate.hpp"
#include "schema/record.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

namespace nd::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using socket_type = forked_server::socket_type;
using tls_type = asio::ssl::stream<socket_type>;
constexpr auto use_task = asio::use_awaitable_t<forked_server::executor>();
constexpr std::string_view answer =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: "
    "14\r\n\r\n{\"accepted\":1}";

constexpr std::string_view refusal =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

// What all connections of the loop share.
struct shared_parts {
    shared_parts(asio::io_context& io, const responder_settings& with)
        : records(static_cast<std::size_t>(with.events_per_request)) {
        if (!with.kafka.empty()) kafka.emplace(io, with.kafka, "nd-limit-edge", with.topic, "lz4");
        if (with.certificate.empty()) return;
        tls.emplace(asio::ssl::context::tls_server);
        tls->use_certificate_chain_file(with.certificate);
        tls->use_private_key_file(with.key, asio::ssl::context::pem);
    }

    inflater unpack;
    std::size_t records;
    std::optional<awaited_producer> kafka;
    std::optional<asio::ssl::context> tls;
};

void produce(shared_parts& at, std::string_view key, std::string_view body,
             awaited_producer::request& of) {
    at.kafka->begin_request(schema::placement_of(at.records));
    const auto size = body.size() / at.records;
    for (std::size_t i = 0; i < at.records; ++i) {
        const bool last = i + 1 == at.records;
        at.kafka->produce(key, body.substr(i * size, last ? body.npos : size), of);
    }
}

// Of a tenant's id's length, and one for each API key of the load.
std::string_view tenant_of(const http::request<http::string_body>& request) {
    constexpr std::size_t uuid_length = 36;
    const auto key = request["X-ND-Key"];
    return {key.data(), std::min(key.size(), uuid_length)};
}

template <class Stream>
base::task<> serve(Stream& stream, shared_parts& at) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(16U << 20U);
        boost::system::error_code ec;
        co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_task, ec));
        if (ec) co_return;
        auto& request = parser.get();
        const auto encoding = request[http::field::content_encoding];
        if (!encoding.empty()) at.unpack.unpack(encoding, request.body());
        auto said = answer;
        if (at.kafka) {
            awaited_producer::request stored(stream.get_executor());
            produce(at, tenant_of(request), request.body(), stored);
            while (stored.outstanding > 0)
                co_await stored.done.async_wait(asio::redirect_error(use_task, ec));
            if (stored.failed) said = refusal;
        }
        co_await asio::async_write(stream, asio::buffer(said), asio::redirect_error(use_task, ec));
        if (ec) co_return;
    }
}

base::task<> serve_plain(socket_type socket, shared_parts& at) {
    auto serving = serve(socket, at);
    co_await std::move(serving);
}

base::task<> serve_tls(socket_type socket, shared_parts& at) {
    tls_type stream(std::move(socket), *at.tls);
    boost::system::error_code ec;
    co_await stream.async_handshake(asio::ssl::stream_base::server,
                                    asio::redirect_error(use_task, ec));
    if (ec) co_return;
    auto serving = serve(stream, at);
    co_await std::move(serving);
}

}  // namespace

limit_responder::limit_responder(const responder_settings& with)
    : forked_server([&](asio::io_context& io) -> service {
          auto at = std::make_shared<shared_parts>(io, with);
          const auto serve_one = with.certificate.empty() ? serve_plain : serve_tls;
          return [at, serve_one](socket_type socket) { return serve_one(std::move(socket), *at); };
      }) {}

}  // namespace nd::bench
