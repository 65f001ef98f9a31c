#include "bench/limit_responder.hpp"

#include "base/task.hpp"
#include "bench/inflate.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
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

#include <string_view>

namespace nd::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using executor = asio::io_context::executor_type;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tls_type = asio::ssl::stream<socket_type>;
using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
constexpr auto use_task = asio::use_awaitable_t<executor>();
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

void end_on(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

base::task<> accept_all(acceptor_type& acceptor, asio::ssl::context* tls, inflater& unpack) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_task);
        socket.set_option(asio::ip::tcp::no_delay(true));
        auto serving = tls == nullptr ? serve_plain(std::move(socket), unpack)
                                      : serve_tls(std::move(socket), *tls, unpack);
        asio::co_spawn(acceptor.get_executor(), std::move(serving), end_on);
    }
}

void respond(asio::io_context& io, acceptor_type& acceptor, const responder_settings& with) {
    inflater unpack;
    asio::ssl::context tls(asio::ssl::context::tls_server);
    if (!with.certificate.empty()) {
        tls.use_certificate_chain_file(with.certificate);
        tls.use_private_key_file(with.key, asio::ssl::context::pem);
    }
    asio::co_spawn(io.get_executor(),
                   accept_all(acceptor, with.certificate.empty() ? nullptr : &tls, unpack), end_on);
    io.run();
}

}  // namespace

limit_responder::limit_responder(const responder_settings& with) {
    asio::io_context io(1);
    acceptor_type acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    port_ = acceptor.local_endpoint().port();
    io.notify_fork(asio::execution_context::fork_prepare);
    pid_ = ::fork();
    if (pid_ != 0) {
        io.notify_fork(asio::execution_context::fork_parent);
        return;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    io.notify_fork(asio::execution_context::fork_child);
    respond(io, acceptor, with);
    ::_exit(1);
}

limit_responder::~limit_responder() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace nd::bench
