#include "tests/support/tcp_proxy.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <list>
#include <mutex>

namespace nd::tests {
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using error_code = boost::system::error_code;

namespace {

enum class way { pass, cut, silent, slow };
constexpr auto look_every = 10ms;

// One connection: both its sockets, and the port that the target sees.
struct carried {
    explicit carried(tcp::socket from) : near(std::move(from)), far(near.get_executor()) {}
    tcp::socket near;
    tcp::socket far;
    std::uint16_t from_port = 0;

    void reset() {
        for (auto* one : {&near, &far}) {
            error_code ignored;
            one->set_option(tcp::socket::linger(true, 0), ignored);
            one->close(ignored);
        }
    }
};

}  // namespace

struct tcp_link : std::enable_shared_from_this<tcp_link> {
    tcp_link(asio::io_context& io, std::uint16_t to)
        : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          port(acceptor.local_endpoint().port()),
          target(to) {}

    tcp::acceptor acceptor;
    const std::uint16_t port;
    const std::uint16_t target;
    std::atomic<way> now = way::pass;
    std::atomic<std::int64_t> delay_ms = 0;
    std::atomic<std::size_t> rate = 0;
    std::mutex mutex;  // of the list: other threads look for a port
    std::list<std::shared_ptr<carried>> open;

    void reset_all() {
        const std::scoped_lock lock(mutex);
        for (const auto& one : open)
            one->reset();
    }
};

namespace {

asio::awaitable<void> sleep(std::chrono::milliseconds longest) {
    asio::steady_timer timer(co_await asio::this_coro::executor, longest);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

// As long as the link wants `size` bytes to take.
asio::awaitable<void> be_held(std::shared_ptr<tcp_link> link, std::size_t size) {
    while (link->now == way::silent)
        co_await sleep(look_every);
    if (link->now != way::slow) co_return;
    const auto at_rate = std::chrono::milliseconds(size * 1000 / link->rate.load());
    co_await sleep(std::chrono::milliseconds(link->delay_ms.load()) + at_rate);
}

asio::awaitable<void> pump(std::shared_ptr<tcp_link> link, std::shared_ptr<carried> both,
                           tcp::socket& from, tcp::socket& to) {
    std::array<char, 16384> piece{};
    while (true) {
        error_code ec;
        const auto got = co_await from.async_read_some(
            asio::buffer(piece), asio::redirect_error(asio::use_awaitable, ec));
        if (ec) break;
        co_await be_held(link, got);
        co_await asio::async_write(to, asio::buffer(piece.data(), got),
                                   asio::redirect_error(asio::use_awaitable, ec));
        if (ec) break;
    }
    error_code ignored;
    to.shutdown(tcp::socket::shutdown_send, ignored);
    // Both ways end when both have: a half closed connection still carries the other half.
    const std::scoped_lock lock(link->mutex);
    if (both.use_count() <= 2) link->open.remove(both);
}

void rethrow(const std::exception_ptr& problem) {
    if (problem) std::rethrow_exception(problem);
}

asio::awaitable<void> carry(std::shared_ptr<tcp_link> link, tcp::socket from) {
    auto both = std::make_shared<carried>(std::move(from));
    {
        const std::scoped_lock lock(link->mutex);
        link->open.push_back(both);
    }
    while (link->now == way::silent)
        co_await sleep(look_every);
    error_code ec;
    const tcp::endpoint target(asio::ip::address_v4::loopback(), link->target);
    co_await both->far.async_connect(target, asio::redirect_error(asio::use_awaitable, ec));
    if (ec || link->now == way::cut) {
        both->reset();
        const std::scoped_lock lock(link->mutex);
        link->open.remove(both);
        co_return;
    }
    for (auto* one : {&both->near, &both->far})
        one->set_option(tcp::no_delay(true), ec);
    {
        const std::scoped_lock lock(link->mutex);
        both->from_port = both->far.local_endpoint(ec).port();
    }
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, pump(link, both, both->near, both->far), rethrow);
    asio::co_spawn(executor, pump(link, both, both->far, both->near), rethrow);
}

asio::awaitable<void> accept_all(std::shared_ptr<tcp_link> link) {
    while (true) {
        error_code ec;
        auto from =
            co_await link->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) {
            co_await sleep(look_every);
        } else if (link->now == way::cut) {
            from.set_option(tcp::socket::linger(true, 0), ec);
        } else {
            asio::co_spawn(link->acceptor.get_executor(), carry(link, std::move(from)), rethrow);
        }
    }
}

}  // namespace

struct tcp_proxy::loop {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
};

tcp_proxy::tcp_proxy() : loop_(std::make_unique<loop>()), thread_([this] { loop_->io.run(); }) {}

tcp_proxy::~tcp_proxy() {
    loop_->io.stop();
    thread_.join();
}

tcp_proxy::link tcp_proxy::add(std::uint16_t target) {
    auto made = std::make_shared<tcp_link>(loop_->io, target);
    asio::co_spawn(loop_->io, accept_all(made), rethrow);
    return link(std::move(made));
}

std::uint16_t tcp_proxy::link::port() const {
    return inside_->port;
}

void tcp_proxy::link::pass() {
    inside_->now = way::pass;
}

void tcp_proxy::link::cut() {
    inside_->now = way::cut;
    asio::post(inside_->acceptor.get_executor(), [link = inside_] { link->reset_all(); });
}

void tcp_proxy::link::fall_silent() {
    inside_->now = way::silent;
}

void tcp_proxy::link::slow(std::chrono::milliseconds delay, std::size_t bytes_per_second) {
    inside_->delay_ms = delay.count();
    inside_->rate = std::max<std::size_t>(1, bytes_per_second);
    inside_->now = way::slow;
}

bool tcp_proxy::link::carries(std::uint16_t from_port) const {
    const std::scoped_lock lock(inside_->mutex);
    for (const auto& one : inside_->open) {
        if (one->from_port == from_port) return true;
    }
    return false;
}

}  // namespace nd::tests
