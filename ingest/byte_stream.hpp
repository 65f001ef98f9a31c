// A client's bytes, in the clear or through TLS. Made by the listener, used by connection only; the
// session never knows which it is. cancel() from a timer makes whatever is under way end with
// operation_aborted.
#pragma once

#include "base/task.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>

namespace nd::ingest {

// Bound to the thread's io_context: cheaper than any_io_executor, as in base/task.hpp.
using tcp_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

struct io_result {
    std::size_t bytes = 0;
    boost::system::error_code error;
};

class byte_stream {
  public:
    virtual ~byte_stream() = default;

    [[nodiscard]] virtual base::task<io_result> handshake() = 0;
    [[nodiscard]] virtual base::task<io_result> read_some(boost::asio::mutable_buffer into) = 0;
    [[nodiscard]] virtual base::task<io_result> write(boost::asio::const_buffer all) = 0;
    // The same without waiting: how much of it went. 0 also at an end or an error, which is then
    // told by the call that waits.
    [[nodiscard]] virtual std::size_t read_now(boost::asio::mutable_buffer into) noexcept = 0;
    [[nodiscard]] virtual std::size_t write_now(boost::asio::const_buffer some) noexcept = 0;
    // No more from us; the client can still read what we sent, and still send.
    [[nodiscard]] virtual base::task<io_result> finish_sending() = 0;
    // Raw bytes that nobody will look at, after finish_sending().
    [[nodiscard]] virtual base::task<io_result> discard_some(boost::asio::mutable_buffer into) = 0;
    virtual void cancel() noexcept = 0;
};

[[nodiscard]] std::unique_ptr<byte_stream> plain_stream(tcp_socket socket);
[[nodiscard]] std::unique_ptr<byte_stream> tls_stream(tcp_socket socket,
                                                      boost::asio::ssl::context& context);

}  // namespace nd::ingest
