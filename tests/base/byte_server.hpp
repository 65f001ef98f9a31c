// A server that does to each connection, in turn, what a test says, byte by byte: for a client that
// must survive whatever a server may do.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace nd::tests {

class byte_server {
  public:
    using socket = boost::asio::ip::tcp::socket;
    using manner = std::function<void(socket&)>;

    explicit byte_server(std::vector<manner> each) : each_(std::move(each)) {
        thread_ = std::thread([this] { serve(); });
    }
    ~byte_server() {
        boost::system::error_code ignored;  // wakes a server that nobody came to
        for (std::size_t i = 0; i < each_.size(); ++i)
            socket(io_).connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

    // The head of a request, or "" when the client went away.
    static std::string read_head(socket& from) {
        boost::asio::streambuf buffer;
        boost::system::error_code ec;
        boost::asio::read_until(from, buffer, "\r\n\r\n", ec);
        return ec ? "" : std::string(static_cast<const char*>(buffer.data().data()), buffer.size());
    }
    static void say(socket& to, const std::string& bytes) {
        boost::system::error_code ignored;  // the client may have had enough
        boost::asio::write(to, boost::asio::buffer(bytes), ignored);
    }

  private:
    void serve() {
        for (const auto& one : each_) {
            socket peer(io_);
            boost::system::error_code ec;
            acceptor_.accept(peer, ec);
            if (ec) return;
            one(peer);
        }
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    std::vector<manner> each_;
    std::thread thread_;
};

}  // namespace nd::tests
