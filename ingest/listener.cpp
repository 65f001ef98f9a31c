#include "ingest/listener.hpp"

#include "base/log.hpp"
#include "ingest/session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <chrono>
#include <exception>

#include <sys/socket.h>

namespace nd::ingest {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using executor = asio::io_context::executor_type;
using acceptor = asio::basic_socket_acceptor<tcp, executor>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;

constexpr asio::use_awaitable_t<executor> use_task{};
constexpr std::chrono::milliseconds pause_when_full{100};

base::error fault(const base::host_port& at, const error_code& ec) {
    return base::failure(base::errc::unavailable,
                         fmt::format("cannot listen on {}:{}: {}", at.host, at.port, ec.message()));
}

tcp::endpoint endpoint_of(const base::host_port& at, error_code& ec) {
    return {asio::ip::make_address(at.host == "localhost" ? "127.0.0.1" : at.host, ec), at.port};
}

error_code open_and_bind(acceptor& on, const base::host_port& at, bool shared) {
    error_code ec;
    const auto where = endpoint_of(at, ec);
    if (ec) return ec;
    if (on.open(where.protocol(), ec); ec) return ec;
    if (on.set_option(asio::socket_base::reuse_address(true), ec); ec) return ec;
    const int yes = 1;
    if (shared && ::setsockopt(on.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0)
        return {errno, boost::system::system_category()};
    on.bind(where, ec);
    return ec;
}

// No descriptor or memory is left: the client waits in the kernel's queue meanwhile.
bool is_exhausted(const error_code& ec) {
    return ec == asio::error::no_descriptors || ec == asio::error::no_memory ||
           ec == asio::error::no_buffer_space ||
           ec == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

// Shared with the accepting coroutine, which may still be on its way out when the listener goes.
struct listener::inside {
    acceptor on;
    timer pause;
    tls_context tls;
    bool closing = false;

    inside(asio::io_context& io, tls_context with)
        : on(io.get_executor()), pause(io.get_executor()), tls(std::move(with)) {}

    static base::task<> accept_all(std::shared_ptr<inside> self, edge& at);
    void begin_session(tcp_socket socket, edge& at);
    void take_queued(edge& at);
};

void listener::inside::begin_session(tcp_socket socket, edge& at) {
    error_code ignored;  // a socket that died meanwhile shows that in its first read
    socket.set_option(tcp::no_delay(true), ignored);
    const auto where = socket.get_executor();
    auto stream = tls ? tls_stream(std::move(socket), *tls) : plain_stream(std::move(socket));
    auto serving = serve_connection(at, std::move(stream));
    asio::co_spawn(where, std::move(serving), [](const std::exception_ptr& failed) {
        if (failed)
            std::rethrow_exception(
                failed);  // only a bug gets here: serve_connection catches the rest
    });
}

void listener::inside::take_queued(edge& at) {
    error_code ec;
    on.non_blocking(true, ec);
    while (!ec) {
        auto socket = on.accept(on.get_executor(), ec);
        if (!ec) begin_session(std::move(socket), at);
    }
}

base::task<> listener::inside::accept_all(std::shared_ptr<inside> self, edge& at) {
    while (!self->closing) {
        error_code ec;
        auto socket = co_await self->on.async_accept(asio::redirect_error(use_task, ec));
        if (!ec) {
            self->begin_session(std::move(socket), at);
        } else if (is_exhausted(ec)) {
            base::log::warning("cannot accept connections", {{"reason", ec.message()}});
            self->pause.expires_after(pause_when_full);
            error_code stopped;
            co_await self->pause.async_wait(asio::redirect_error(use_task, stopped));
        }
    }
    self->take_queued(at);
    error_code ignored;
    self->on.close(ignored);
}

listener::listener(std::shared_ptr<inside> made) : inside_(std::move(made)) {}
listener::~listener() = default;

base::result<std::unique_ptr<listener>> listener::bind(asio::io_context& io,
                                                       const base::host_port& address,
                                                       tls_context tls) {
    auto made = std::make_shared<inside>(io, std::move(tls));
    auto ec = open_and_bind(made->on, address, true);
    if (!ec) made->on.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) return fault(address, ec);
    return std::unique_ptr<listener>(new listener(std::move(made)));
}

void listener::accept_for(edge& at) {
    asio::co_spawn(inside_->on.get_executor(), inside::accept_all(inside_, at),
                   [](const std::exception_ptr& failed) {
                       if (failed) std::rethrow_exception(failed);
                   });
}

void listener::use(tls_context tls) {
    inside_->tls = std::move(tls);
}

void listener::close() {
    inside_->closing = true;
    error_code ignored;
    inside_->on.cancel(ignored);
    inside_->pause.cancel();
}

std::uint16_t listener::port() const {
    error_code ec;
    return inside_->on.local_endpoint(ec).port();
}

base::result<> address_is_free(const base::host_port& address) {
    if (address.port == 0) return {};
    asio::io_context io;
    acceptor probe(io.get_executor());
    if (const auto ec = open_and_bind(probe, address, false)) return fault(address, ec);
    return {};
}

}  // namespace nd::ingest
