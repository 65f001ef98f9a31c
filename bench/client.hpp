// One HTTP/1.1 connection of the load generator, kept alive, in the clear or through TLS, with one
// request at a time. It reconnects by itself after a failure. All of it on one io_context; no
// allocation per request.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nd::bench {

class client {
  public:
    // Whoever uses it. Both calls come from the io_context.
    class user {
      public:
        // Connected and idle: send() may be called, now or later.
        virtual void ready(client& which) = 0;
        // The outcome of a send(); ready() follows, at once or after a reconnection. `status` 0:
        // the connection failed before the answer was whole.
        virtual void answered(client& which, int status, std::string_view body) = 0;

      protected:
        ~user() = default;
    };

    // `tls` null: in the clear. `host` is what the certificate must be for.
    [[nodiscard]] static std::unique_ptr<client> make(boost::asio::io_context& io,
                                                      const boost::asio::ip::tcp::endpoint& to,
                                                      boost::asio::ssl::context* tls,
                                                      const std::string& host, user& by);
    virtual ~client() = default;

    virtual void connect() = 0;
    // Sends head() and body() as they are; neither may change until the answer.
    virtual void send() = 0;
    virtual void close() = 0;
    // Of the answer, while answered() goes; empty: it has no such header.
    [[nodiscard]] virtual std::string_view header(std::string_view name) const = 0;

    std::string& head() noexcept { return head_; }
    std::string& body() noexcept { return body_; }
    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  protected:
    std::string head_;
    std::string body_;
    std::uint64_t bytes_read_ = 0;
};

}  // namespace nd::bench
