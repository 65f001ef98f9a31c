#include "bench/limit_responder.hpp"

#include "bench/inflate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
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
using tls_type = asio::ssl::stream<socket_type>;
constexpr auto use_task = asio::use_awaitable_t<forked_server::executor>();
constexpr std::string_view answer =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: "
    "14\r\n\r\n{\"accepted\":1}";

template <class Stream>
base::task<> serve(Stream& stream, inflater& unpack) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(16U << 20U);
        boost::system::error_code ec;
        co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_task, ec));
        if (ec) co_return;
        const auto encoding = parser.get()[http::field::content_encoding];
        if (!encoding.empty()) unpack.unpack(encoding, parser.get().body());
        co_await asio::async_write(stream, asio::buffer(answer),
                                   asio::redirect_error(use_task, ec));
        if (ec) co_return;
    }
}

base::task<> serve_plain(socket_type socket, inflater& unpack) {
    auto serving = serve(socket, unpack);
    co_await std::move(serving);
}

base::task<> serve_tls(socket_type socket, asio::ssl::context& tls, inflater& unpack) {
    tls_type stream(std::move(socket), tls);
    boost::system::error_code ec;
    co_await stream.async_handshake(asio::ssl::stream_base::server,
                                    asio::redirect_error(use_task, ec));
    if (ec) co_return;
    auto serving = serve(stream, unpack);
    co_await std::move(serving);
}

forked_server::service plain() {
    auto unpack = std::make_shared<inflater>();
    return [unpack](socket_type socket) { return serve_plain(std::move(socket), *unpack); };
}

forked_server::service through_tls(const responder_settings& with) {
    auto unpack = std::make_shared<inflater>();
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    tls->use_certificate_chain_file(with.certificate);
    tls->use_private_key_file(with.key, asio::ssl::context::pem);
    return
        [unpack, tls](socket_type socket) { return serve_tls(std::move(socket), *tls, *unpack); };
}

}  // namespace

limit_responder::limit_responder(const responder_settings& with)
    : forked_server([&](asio::io_context&) {
          return with.certificate.empty() ? plain() : through_tls(with);
      }) {}

}  // namespace nd::bench
