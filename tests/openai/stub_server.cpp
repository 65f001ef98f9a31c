#include "tests/openai/stub_server.hpp"

#include "base/task.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <ctime>
#include <string_view>
#include <thread>

namespace nd::tests {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using executor = asio::io_context::executor_type;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tls_type = asio::ssl::stream<socket_type>;
using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;
constexpr auto use_task = asio::use_awaitable_t<executor>();
constexpr std::chrono::milliseconds held_look{5};
constexpr std::uint64_t most_body = 220U << 20U;

stub_request request_of(http::request<http::string_body>&& from) {
    const auto text = [](auto view) { return std::string(view.data(), view.size()); };
    stub_request made;
    made.method = text(from.method_string());
    made.path = text(from.target());
    if (const auto mark = made.path.find('?'); mark != std::string::npos) {
        made.query = made.path.substr(mark + 1);
        made.path.resize(mark);
    }
    made.authorization = text(from[http::field::authorization]);
    made.content_type = text(from[http::field::content_type]);
    made.body = std::move(from.body());
    return made;
}

std::string bytes_of(const stub_reply& reply) {
    auto made = "HTTP/1.1 " + std::to_string(reply.status) + " Said\r\n";
    for (const auto& [name, value] : reply.headers)
        made.append(name).append(": ").append(value).append("\r\n");
    made += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
    return made + reply.body.substr(0, reply.cut.value_or(reply.body.size()));
}

template <class Stream>
base::task<> serve(Stream& stream, stub_api& api) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(most_body);
        boost::system::error_code ec;
        co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_task, ec));
        if (ec) co_return;
        const auto asked = request_of(parser.release());
        const auto reply =
            api.answer(asked, {std::chrono::steady_clock::now(), std::time(nullptr)});
        if (reply.delay.count() > 0) {
            timer pause(stream.get_executor(), reply.delay);
            co_await pause.async_wait(asio::redirect_error(use_task, ec));
        }
        while (reply.held && api.holding()) {
            timer pause(stream.get_executor(), held_look);
            co_await pause.async_wait(asio::redirect_error(use_task, ec));
        }
        if (reply.silent) co_return;
        const auto bytes = bytes_of(reply);
        co_await asio::async_write(stream, asio::buffer(bytes), asio::redirect_error(use_task, ec));
        if (ec || reply.cut) co_return;
    }
}

base::task<> serve_plain(socket_type socket, stub_api& api) {
    auto serving = serve(socket, api);
    co_await std::move(serving);
}

base::task<> serve_tls(socket_type socket, asio::ssl::context& tls, stub_api& api) {
    tls_type stream(std::move(socket), tls);
    boost::system::error_code ec;
    co_await stream.async_handshake(asio::ssl::stream_base::server,
                                    asio::redirect_error(use_task, ec));
    if (ec) co_return;
    auto serving = serve(stream, api);
    co_await std::move(serving);
}

void end_on(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

base::task<> accept_all(acceptor_type& acceptor, asio::ssl::context* tls, stub_api& api) {
    for (;;) {
        boost::system::error_code ec;
        auto socket = co_await acceptor.async_accept(asio::redirect_error(use_task, ec));
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) continue;
        socket.set_option(asio::ip::tcp::no_delay(true), ec);
        auto serving = tls == nullptr ? serve_plain(std::move(socket), api)
                                      : serve_tls(std::move(socket), *tls, api);
        asio::co_spawn(acceptor.get_executor(), std::move(serving), end_on);
    }
}

}  // namespace

struct stub_server::inside {
    inside(const stub_server_settings& with)
        : api(with.api), acceptor(io, {asio::ip::make_address("127.0.0.1"), with.port}) {
        if (with.certificate.empty()) return;
        secure = true;
        tls.use_certificate_chain_file(with.certificate);
        tls.use_private_key_file(with.key, asio::ssl::context::pem);
    }

    stub_api api;
    asio::ssl::context tls{asio::ssl::context::tls_server};
    bool secure = false;
    asio::io_context io{1};
    acceptor_type acceptor;
    std::thread thread;
};

stub_server::stub_server(const stub_server_settings& with)
    : inside_(std::make_unique<inside>(with)) {
    auto& in = *inside_;
    asio::co_spawn(in.io.get_executor(),
                   accept_all(in.acceptor, in.secure ? &in.tls : nullptr, in.api), end_on);
    in.thread = std::thread([&in] { in.io.run(); });
}

stub_server::~stub_server() {
    inside_->io.stop();
    inside_->thread.join();
}

std::uint16_t stub_server::port() const {
    return inside_->acceptor.local_endpoint().port();
}

std::string stub_server::url() const {
    return (inside_->secure ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port()) +
           "/v1";
}

}  // namespace nd::tests
