#include "ingest/byte_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace nd::ingest {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A deferred operation is awaited in place; use_awaitable would make a coroutine around each.
constexpr asio::as_tuple_t<asio::deferred_t> in_place{asio::deferred};
using error_and_bytes = std::tuple<error_code, std::size_t>;

io_result to_result(const error_and_bytes& got) {
    return {std::get<1>(got), std::get<0>(got)};
}

class plain final : public byte_stream {
  public:
    explicit plain(tcp_socket socket) : socket_(std::move(socket)) {
        error_code broken;  // told by the first read
        socket_.non_blocking(true, broken);
    }

    base::task<io_result> handshake() override { co_return io_result{}; }

    base::task<io_result> read_some(asio::mutable_buffer into) override {
        const error_and_bytes got = co_await socket_.async_read_some(into, in_place);
        co_return to_result(got);
    }

    base::task<io_result> write(asio::const_buffer all) override {
        const error_and_bytes sent = co_await asio::async_write(socket_, all, in_place);
        co_return to_result(sent);
    }

    std::size_t read_now(asio::mutable_buffer into) noexcept override {
        error_code ec;
        return socket_.read_some(into, ec);
    }

    std::size_t write_now(asio::const_buffer some) noexcept override {
        error_code ec;
        return socket_.write_some(some, ec);
    }

    base::task<io_result> finish_sending() override {
        error_code ec;
        socket_.shutdown(tcp_socket::shutdown_send, ec);
        co_return io_result{0, ec};
    }

    base::task<io_result> discard_some(asio::mutable_buffer into) override {
        return read_some(into);
    }

    void cancel() noexcept override {
        error_code ignored;  // nothing under way, or the socket is gone already
        socket_.cancel(ignored);
    }

  private:
    tcp_socket socket_;
};

class tls final : public byte_stream {
  public:
    tls(tcp_socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

    base::task<io_result> handshake() override {
        const std::tuple<error_code> done =
            co_await stream_.async_handshake(asio::ssl::stream_base::server, in_place);
        co_return io_result{0, std::get<0>(done)};
    }

    base::task<io_result> read_some(asio::mutable_buffer into) override {
        const error_and_bytes got = co_await stream_.async_read_some(into, in_place);
        co_return to_result(got);
    }

    base::task<io_result> write(asio::const_buffer all) override {
        const error_and_bytes sent = co_await asio::async_write(stream_, all, in_place);
        co_return to_result(sent);
    }

    // Only what is decrypted already: at the socket, reading may have to write, and a record that
    // the kernel takes half of without waiting is lost.
    std::size_t read_now(asio::mutable_buffer into) noexcept override {
        if (SSL_pending(stream_.native_handle()) == 0) return 0;
        error_code ec;
        return stream_.read_some(into, ec);
    }

    std::size_t write_now(asio::const_buffer) noexcept override { return 0; }

    // Ends with the client's own close_notify, with its first byte that is something else (a body
    // that nobody wants), or by cancel(): ours has been sent in each case.
    base::task<io_result> finish_sending() override {
        static_cast<void>(co_await stream_.async_shutdown(in_place));
        error_code closed;
        stream_.next_layer().shutdown(tcp_socket::shutdown_send, closed);
        co_return io_result{0, closed};
    }

    base::task<io_result> discard_some(asio::mutable_buffer into) override {
        const error_and_bytes got = co_await stream_.next_layer().async_read_some(into, in_place);
        co_return to_result(got);
    }

    void cancel() noexcept override {
        error_code ignored;
        stream_.next_layer().cancel(ignored);
    }

  private:
    asio::ssl::stream<tcp_socket> stream_;
};

}  // namespace

std::unique_ptr<byte_stream> plain_stream(tcp_socket socket) {
    return std::make_unique<plain>(std::move(socket));
}

std::unique_ptr<byte_stream> tls_stream(tcp_socket socket, asio::ssl::context& context) {
    return std::make_unique<tls>(std::move(socket), context);
}

}  // namespace nd::ingest
