#include "base/https_connection.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>

namespace nd::base {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr auto use_task = asio::use_awaitable_t<https_connection::executor>();
constexpr std::size_t read_size = 16U << 10U;
constexpr std::uint32_t most_header = 64U << 10U;

bool is_line(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) == 0x7f;
    });
}

// nullopt: something in it would end a line early, and begin a header that nobody meant.
std::optional<std::string> head_of(const https_request& what, const http_url& to) {
    auto head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n", what.method, to.path, what.path,
                            to.authority());
    bool fine =
        is_line(what.method) && is_line(what.path) && what.path.find(' ') == std::string::npos;
    for (const auto& [name, value] : what.headers) {
        fine = fine && is_line(name) && is_line(value);
        fmt::format_to(std::back_inserter(head), "{}: {}\r\n", name, value);
    }
    if (!what.body.empty() || what.method != "GET")
        fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", what.body.size());
    head += "\r\n";
    return fine ? std::optional(std::move(head)) : std::nullopt;
}

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return made;
}

https_reply reply_of(http::response<http::string_body>&& from) {
    https_reply made;
    made.status = static_cast<int>(from.result_int());
    for (const auto& field : from)
        made.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                                  std::string(field.value().data(), field.value().size()));
    made.body = std::move(from.body());
    return made;
}

std::string words(const boost::system::error_code& ec) {
    if (ec == beast::error::timeout) return "no answer in time";
    if (ec == http::error::body_limit) return "the answer is larger than asked for";
    if (ec == http::error::end_of_stream || ec == http::error::partial_message)
        return "the connection ended before the answer did";
    return ec.message();
}

}  // namespace

https_connection::https_connection(executor on, const http_url& to, asio::ssl::context* tls)
    : to_(to), tcp_(on) {
    if (tls != nullptr) tls_.emplace(tcp_, *tls);
}

// OpenSSL's own check of names: exact, or a wildcard for the whole first label; a number only where
// the certificate names that number.
bool https_connection::expect_server() {
    error_code ec;
    asio::ip::make_address(to_.host, ec);
    auto* handle = tls_->native_handle();
    auto* param = SSL_get0_param(handle);
    if (!ec) return X509_VERIFY_PARAM_set1_ip_asc(param, to_.host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(param, to_.host.c_str(), 0) != 1) return false;
    // SSL_set_tlsext_host_name() without its macro's cast.
    return SSL_ctrl(handle, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    to_.host.data()) == 1;
}

std::string https_connection::tls_words(const error_code& ec) {
    const auto verdict = SSL_get_verify_result(tls_->native_handle());
    if (verdict == X509_V_OK) return words(ec);
    return fmt::format("its certificate is refused: {}", X509_verify_cert_error_string(verdict));
}

task<std::optional<std::string>> https_connection::open(const endpoints& to,
                                                        clock::time_point until) {
    error_code ec;
    tcp_.expires_at(until);
    co_await tcp_.async_connect(to, asio::redirect_error(use_task, ec));
    if (ec) co_return fmt::format("cannot connect to {}: {}", to_.authority(), words(ec));
    error_code ignored;  // a socket that died shows that in its first write
    tcp_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!tls_) co_return std::nullopt;
    if (!expect_server()) co_return fmt::format("{} cannot be verified", to_.host);
    co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                   asio::redirect_error(use_task, ec));
    if (ec) co_return fmt::format("no TLS with {}: {}", to_.authority(), tls_words(ec));
    co_return std::nullopt;
}

task<boost::system::error_code> https_connection::send(std::string_view head,
                                                       std::string_view body) {
    const std::array<asio::const_buffer, 2> all{asio::buffer(head), asio::buffer(body)};
    error_code ec;
    if (tls_) {
        co_await asio::async_write(*tls_, all, asio::redirect_error(use_task, ec));
    } else {
        co_await asio::async_write(tcp_, all, asio::redirect_error(use_task, ec));
    }
    co_return ec;
}

task<boost::system::error_code> https_connection::read_more() {
    const auto room = buffer_.prepare(read_size);
    error_code ec;
    std::size_t got = 0;
    if (tls_) {
        got = co_await tls_->async_read_some(room, asio::redirect_error(use_task, ec));
    } else {
        got = co_await tcp_.async_read_some(room, asio::redirect_error(use_task, ec));
    }
    buffer_.commit(got);
    co_return ec;
}

// One message; an end of the connection ends it only where HTTP says so.
task<boost::system::error_code> https_connection::read(parser& into) {
    for (;;) {
        error_code ec;
        while (buffer_.size() > 0 && !ec) {
            const auto used = into.put(buffer_.data(), ec);
            buffer_.consume(used);
            if (into.is_done()) co_return error_code();
            if (used == 0) break;
        }
        if (ec && ec != http::error::need_more) co_return ec;
        auto reading = read_more();
        ec = co_await std::move(reading);
        if (ec == asio::error::eof) {
            if (!into.got_some()) co_return error_code(http::error::end_of_stream);
            into.put_eof(ec);
            co_return !ec && !into.is_done() ? error_code(http::error::end_of_stream) : ec;
        }
        if (ec) co_return ec;
    }
}

task<https_result> https_connection::exchange(const https_request& what, clock::time_point until) {
    lives_ = false;
    const auto head = head_of(what, to_);
    if (!head) co_return https_failure{false, "a header of the request holds a line's end"};
    tcp_.expires_at(until);
    auto sending = send(*head, what.body);
    const error_code unsent = co_await std::move(sending);
    // A write that broke off leaves the server without the whole of it; one that ran out of time
    // may have come to its end all the same.
    const bool may_have_arrived = !unsent || unsent == beast::error::timeout;
    // What was said before the end (413, 401) tells more than the broken write.
    std::optional<parser> got;
    error_code ec;
    do {
        got.emplace();
        got->eager(true);
        got->header_limit(most_header);
        got->body_limit(what.most_body);
        if (what.method == "HEAD") got->skip(true);
        auto reading = read(*got);
        ec = co_await std::move(reading);
    } while (!ec && got->get().result_int() / 100 == 1);
    if (ec)
        co_return https_failure{
            may_have_arrived, fmt::format("{}: {}", to_.authority(), words(unsent ? unsent : ec))};
    lives_ = !unsent && got->keep_alive() && !got->need_eof() && buffer_.size() == 0;
    used_ = clock::now();
    co_return reply_of(got->release());
}

bool https_connection::fresh(clock::time_point since) const {
    if (!lives_ || used_ < since) return false;
    char byte = 0;
    auto& socket = const_cast<tcp_stream&>(tcp_).socket();
    const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace nd::base
