#include "tests/bench/scripted_server.hpp"

#include "base/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <thread>

namespace nd::tests {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using executor = asio::io_context::executor_type;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, executor>;
using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
constexpr auto use_task = asio::use_awaitable_t<executor>();

void end_on(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

struct scripted_server::inside {
    std::function<reaction(int)> react;
    asio::io_context io{1};
    acceptor_type acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
    std::uint16_t port = acceptor.local_endpoint().port();
    std::vector<request> requests;
    int connections = 0;
    std::thread thread;

    base::task<> accept_all();
    base::task<> serve(socket_type socket);
};

base::task<> scripted_server::inside::serve(socket_type socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request<http::string_body> asked;
        boost::system::error_code ec;
        co_await http::async_read(socket, buffer, asked, asio::redirect_error(use_task, ec));
        if (ec) co_return;
        const auto what = react(static_cast<int>(requests.size()));
        requests.push_back({std::string(asked["X-ND-Key"]),
                            std::string(asked[http::field::content_encoding]), asked.body(),
                            std::string(asked.target())});
        if (what.stall.count() > 0) std::this_thread::sleep_for(what.stall);
        if (what.hang_up) co_return;
        if (what.silent) continue;
        http::response<http::string_body> answer(static_cast<http::status>(what.status), 11);
        answer.body() = what.body;
        answer.keep_alive(!what.last);
        answer.prepare_payload();
        co_await http::async_write(socket, answer, asio::redirect_error(use_task, ec));
        if (ec || what.last) co_return;
    }
}

base::task<> scripted_server::inside::accept_all() {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_task);
        ++connections;
        socket.set_option(asio::ip::tcp::no_delay(true));
        auto serving = serve(std::move(socket));
        asio::co_spawn(acceptor.get_executor(), std::move(serving), end_on);
    }
}

scripted_server::scripted_server(std::function<reaction(int)> react)
    : inside_(std::make_unique<inside>()) {
    inside_->react = std::move(react);
    asio::co_spawn(inside_->io.get_executor(), inside_->accept_all(), end_on);
    inside_->thread = std::thread([this] { inside_->io.run(); });
}

scripted_server::~scripted_server() {
    static_cast<void>(stop());
}

std::uint16_t scripted_server::port() const {
    return inside_->port;
}

const std::vector<scripted_server::request>& scripted_server::stop() {
    inside_->io.stop();
    if (inside_->thread.joinable()) inside_->thread.join();
    return inside_->requests;
}

int scripted_server::connections() const {
    return inside_->connections;
}

}  // namespace nd::tests
