#include "base/admin_http.hpp"

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/task.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <thread>

namespace nd::base {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
using stream = beast::basic_stream<asio::ip::tcp, executor>;
using request = http::request<http::empty_body>;
using response = http::response<http::string_body>;

constexpr auto use_task = asio::use_awaitable_t<executor>();
constexpr auto patience = std::chrono::seconds(10);

std::string request_id() {
    std::array<std::uint8_t, 16> bytes{};
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += fmt::format("{:02x}", bytes[i]);
    }
    return text;
}

// The words of both are ours, so nothing in them needs escaping.
admin_reply refuse(unsigned status, std::string_view code, std::string_view title,
                   std::string_view detail) {
    return {
        status, "application/problem+json",
        fmt::format(R"({{"type":"https://activationkit.com/problems/{}","title":"{}","status":{},)"
                    R"("detail":"{}","code":"{}","request_id":"{}"}})",
                    code, title, status, detail, code, request_id())};
}

admin_reply route(const admin_routes& routes, const request& asked) {
    const auto target = std::string_view(asked.target().data(), asked.target().size());
    const auto found = routes.find(target.substr(0, target.find('?')));
    if (found == routes.end()) {
        std::string there;
        for (const auto& [path, reply] : routes)
            there += (there.empty() ? "" : ", ") + path;
        return refuse(404, "not_found", "Not found", "The admin port has " + there + ".");
    }
    if (asked.method() != http::verb::get && asked.method() != http::verb::head) {
        return refuse(405, "method_not_allowed", "Method not allowed", "Use GET or HEAD.");
    }
    return found->second();
}

response answer(const admin_routes& routes, const request& asked) {
    auto reply = route(routes, asked);
    response out(static_cast<http::status>(reply.status), asked.version());
    out.set(http::field::content_type, reply.content_type);
    out.set(http::field::cache_control, "no-store");
    if (reply.status == 405) out.set(http::field::allow, "GET, HEAD");
    out.keep_alive(asked.keep_alive());
    const auto length = reply.body.size();
    if (asked.method() != http::verb::head) out.body() = std::move(reply.body);
    out.content_length(length);
    return out;
}

task<> serve(tcp_socket socket, const admin_routes& routes) {
    stream peer(std::move(socket));
    beast::flat_buffer buffer(16 * 1024);
    for (;;) {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(8 * 1024);
        boost::system::error_code ec;
        peer.expires_after(patience);
        co_await http::async_read(peer, buffer, parser, asio::redirect_error(use_task, ec));
        if (ec) break;
        const auto out = answer(routes, parser.get());
        peer.expires_after(patience);
        // A HEAD answer has a length and no body: the header alone is written.
        http::response_serializer<http::string_body> serializer(out);
        if (parser.get().method() == http::verb::head) {
            co_await http::async_write_header(peer, serializer, asio::redirect_error(use_task, ec));
        } else {
            co_await http::async_write(peer, serializer, asio::redirect_error(use_task, ec));
        }
        if (ec || !out.keep_alive()) break;
    }
    boost::system::error_code ignored;
    peer.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void report(const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        log::error("admin port session ended", {{"what", e.what()}});
    }
}

task<> accept_all(tcp_acceptor& acceptor, const admin_routes& routes) {
    for (;;) {
        boost::system::error_code ec;
        auto socket = co_await acceptor.async_accept(asio::redirect_error(use_task, ec));
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) {  // out of descriptors: wait instead of spinning
            asio::basic_waitable_timer<std::chrono::steady_clock,
                                       asio::wait_traits<std::chrono::steady_clock>, executor>
                pause(acceptor.get_executor(), std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::redirect_error(use_task, ec));
            continue;
        }
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), routes), report);
    }
}

}  // namespace

struct admin_server::inside {
    asio::io_context io{1};
    admin_routes routes;
    tcp_acceptor acceptor{io};
    std::thread thread;
};

admin_server::admin_server(std::unique_ptr<inside> made) : inside_(std::move(made)) {
    asio::co_spawn(inside_->io.get_executor(), accept_all(inside_->acceptor, inside_->routes),
                   report);
    inside_->thread = std::thread([this] { inside_->io.run(); });
}

admin_server::~admin_server() {
    inside_->io.stop();
    inside_->thread.join();
}

std::uint16_t admin_server::port() const {
    return inside_->acceptor.local_endpoint().port();
}

result<std::unique_ptr<admin_server>> admin_server::start(const host_port& address,
                                                          admin_routes routes) {
    auto made = std::make_unique<inside>();
    made->routes = std::move(routes);
    boost::system::error_code ec;
    const auto host =
        asio::ip::make_address(address.host == "localhost" ? "127.0.0.1" : address.host, ec);
    if (ec)
        return failure(errc::invalid,
                       fmt::format("admin address {} is not an IP address", address.host));
    const asio::ip::tcp::endpoint where(host, address.port);
    made->acceptor.open(where.protocol(), ec);
    if (!ec) made->acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) made->acceptor.bind(where, ec);
    if (!ec) made->acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) {
        return failure(errc::unavailable, fmt::format("admin port {}:{} cannot be opened: {}",
                                                      address.host, address.port, ec.message()));
    }
    return std::unique_ptr<admin_server>(new admin_server(std::move(made)));
}

}  // namespace nd::base
