#include "bench/client.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <type_traits>

namespace nd::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tls_socket = asio::ssl::stream<tcp_socket>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;

namespace {

constexpr std::chrono::milliseconds pause_after_failure{100};

template <class Stream>
class client_of final : public client {
    static constexpr bool is_tls = std::is_same_v<Stream, tls_socket>;

  public:
    client_of(asio::io_context& io, const asio::ip::tcp::endpoint& to, asio::ssl::context* tls,
              std::string host, user& by)
        : io_(io), to_(to), tls_(tls), host_(std::move(host)), by_(by), pause_(io.get_executor()) {}

    void connect() override {
        if constexpr (is_tls) {
            stream_.emplace(tcp_socket(io_.get_executor()), *tls_);
            stream_->set_verify_callback(asio::ssl::host_name_verification(host_));
        } else {
            stream_.emplace(io_.get_executor());
        }
        stream_->lowest_layer().async_connect(to_, [this](const error_code& ec) {
            if (ec) return fail();
            error_code ignored;  // a socket that died shows that in its first write
            stream_->lowest_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
            handshake();
        });
    }

    void send() override {
        parser_.emplace();
        busy_ = true;
        const std::array<asio::const_buffer, 2> all{asio::buffer(head_), asio::buffer(body_)};
        asio::async_write(*stream_, all, [this](const error_code& ec, std::size_t) {
            // A refusal may come before all is sent: what is there to read says more than the
            // error.
            static_cast<void>(ec);
            read();
        });
    }

    void close() override {
        closed_ = true;
        pause_.cancel();
        error_code ignored;  // it is being given up
        if (stream_) stream_->lowest_layer().close(ignored);
    }

    [[nodiscard]] std::string_view header(std::string_view name) const override {
        const auto found = parser_->get()[{name.data(), name.size()}];
        return {found.data(), found.size()};
    }

  private:
    void handshake() {
        if constexpr (is_tls) {
            stream_->async_handshake(asio::ssl::stream_base::client, [this](const error_code& ec) {
                if (ec) return fail();
                by_.ready(*this);
            });
        } else {
            by_.ready(*this);
        }
    }

    void read() {
        stream_->async_read_some(asio::buffer(in_), [this](const error_code& ec, std::size_t n) {
            if (ec) return fail();
            bytes_read_ += n;
            take(n);
        });
    }

    void take(std::size_t n) {
        error_code ec;
        std::size_t at = 0;
        while (at < n && !parser_->is_done() && (!ec || ec == http::error::need_more)) {
            ec = {};
            const auto used = parser_->put(asio::buffer(in_.data() + at, n - at), ec);
            if (used == 0) break;
            at += used;
        }
        if (ec == http::error::need_more) ec = {};
        if (ec) return fail();
        if (!parser_->is_done()) return read();
        busy_ = false;
        const auto& answer = parser_->get();
        const bool lives = answer.keep_alive();
        by_.answered(*this, static_cast<int>(answer.result_int()), answer.body());
        if (!lives) return fail();
        if (!closed_) by_.ready(*this);
    }

    void fail() {
        if (closed_) return;
        if (std::exchange(busy_, false)) by_.answered(*this, 0, {});
        error_code ignored;  // it is broken already
        stream_->lowest_layer().close(ignored);
        pause_.expires_after(pause_after_failure);
        pause_.async_wait([this](const error_code& ec) {
            if (!ec && !closed_) connect();
        });
    }

    asio::io_context& io_;
    asio::ip::tcp::endpoint to_;
    asio::ssl::context* tls_;
    std::string host_;
    user& by_;
    timer pause_;
    std::optional<Stream> stream_;
    std::optional<http::response_parser<http::string_body>> parser_;
    std::array<char, 4096> in_{};
    bool busy_ = false;
    bool closed_ = false;
};

}  // namespace

std::unique_ptr<client> client::make(asio::io_context& io, const asio::ip::tcp::endpoint& to,
                                     asio::ssl::context* tls, const std::string& host, user& by) {
    if (tls != nullptr) return std::make_unique<client_of<tls_socket>>(io, to, tls, host, by);
    return std::make_unique<client_of<tcp_socket>>(io, to, nullptr, host, by);
}

}  // namespace nd::bench
