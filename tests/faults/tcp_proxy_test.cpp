#include "tests/support/tcp_proxy.hpp"

#include "tests/support/stack.hpp"

#include <doctest/doctest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <list>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Gives back what it gets, on a thread per connection.
class echo {
  public:
    echo() : accepting_([this] { accept(); }) {}
    ~echo() {
        ending_ = true;
        tcp::socket last(io_);
        last.connect(acceptor_.local_endpoint());
        last.close();  // its thread would wait for a byte
        accepting_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    void accept() {
        std::list<std::jthread> serving;
        while (!ending_) {
            serving.emplace_back([one = acceptor_.accept()]() mutable {
                char c = 0;
                boost::system::error_code ec;
                while (asio::read(one, asio::buffer(&c, 1), ec) == 1)
                    asio::write(one, asio::buffer(&c, 1), ec);
            });
        }
    }
    asio::io_context io_;
    tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> ending_ = false;
    std::thread accepting_;
};

struct client {
    asio::io_context io;
    tcp::socket socket{io};
    explicit client(std::uint16_t port) {
        socket.connect({asio::ip::address_v4::loopback(), port});
    }
    // What comes back for one byte; none when the connection ended.
    std::future<bool> ask() {
        return std::async(std::launch::async, [this] {
            char c = 'x';
            boost::system::error_code ec;
            asio::write(socket, asio::buffer(&c, 1), ec);
            return !ec && asio::read(socket, asio::buffer(&c, 1), ec) == 1;
        });
    }
};

}  // namespace

TEST_CASE("a link carries bytes both ways, and knows from which port") {
    const echo server;
    tcp_proxy proxy;
    const auto link = proxy.add(server.port());
    client one(link.port());
    CHECK(one.ask().get());
    CHECK_FALSE(link.carries(one.socket.local_endpoint().port()));  // that is the near side
}

TEST_CASE("a cut ends what is open and refuses what comes, until it passes again") {
    const echo server;
    tcp_proxy proxy;
    auto link = proxy.add(server.port());
    client one(link.port());
    REQUIRE(one.ask().get());
    link.cut();
    CHECK_FALSE(one.ask().get());
    client during(link.port());
    CHECK_FALSE(during.ask().get());
    link.pass();
    client after(link.port());
    CHECK(after.ask().get());
}

TEST_CASE("a silent link moves nothing and ends nothing, and then delivers") {
    const echo server;
    tcp_proxy proxy;
    auto link = proxy.add(server.port());
    client one(link.port());
    REQUIRE(one.ask().get());
    link.fall_silent();
    auto asked = one.ask();
    CHECK(asked.wait_for(300ms) == std::future_status::timeout);
    link.pass();
    CHECK(asked.get());
}

TEST_CASE("a slow link delays each piece") {
    const echo server;
    tcp_proxy proxy;
    auto link = proxy.add(server.port());
    client one(link.port());
    REQUIRE(one.ask().get());
    link.slow(100ms, 1'000'000);
    const auto began = std::chrono::steady_clock::now();
    CHECK(one.ask().get());
    CHECK(std::chrono::steady_clock::now() - began >= 200ms);  // there and back
}
