// One connection of https_client: connect, handshake, and one exchange at a time on it. Internal to
// https_client.cpp.
#pragma once

#include "base/http_url.hpp"
#include "base/https_client.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace nd::base {

class https_connection {
  public:
    using clock = std::chrono::steady_clock;
    using executor = boost::asio::io_context::executor_type;
    using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

    // `tls` null: in the clear. Both must outlive the connection.
    https_connection(executor on, const http_url& to, boost::asio::ssl::context* tls);

    // nullopt: connected, and the server is who it should be.
    [[nodiscard]] task<std::optional<std::string>> open(const endpoints& to,
                                                        clock::time_point until);
    [[nodiscard]] task<https_result> exchange(const https_request& what, clock::time_point until);

    // After an exchange: may another one follow?
    [[nodiscard]] bool lives() const noexcept { return lives_; }
    // Has the server neither closed it nor said anything since `since`?
    [[nodiscard]] bool fresh(clock::time_point since) const;

  private:
    using tcp_stream = boost::beast::basic_stream<boost::asio::ip::tcp, executor>;
    using parser = boost::beast::http::response_parser<boost::beast::http::string_body>;
    using error_code = boost::system::error_code;

    [[nodiscard]] bool expect_server();
    [[nodiscard]] task<error_code> send(std::string_view head, std::string_view body);
    [[nodiscard]] task<error_code> read_more();
    [[nodiscard]] task<error_code> read(parser& into);
    [[nodiscard]] std::string tls_words(const error_code& ec);

    http_url to_;
    tcp_stream tcp_;
    std::optional<boost::asio::ssl::stream<tcp_stream&>> tls_;
    boost::beast::flat_buffer buffer_;
    clock::time_point used_;
    bool lives_ = false;
};

}  // namespace nd::base
