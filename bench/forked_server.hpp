// An HTTP server of the bench's own on a free loopback port: one thread of a child process, so that
// its CPU time is counted apart, under the same load as the server that it is compared with.
#pragma once

#include "base/task.hpp"

#include <sys/types.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>

namespace nd::bench {

class forked_server {
  public:
    using executor = boost::asio::io_context::executor_type;
    using socket_type = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;
    // Serves one connection to its end.
    using service = std::function<base::task<>(socket_type)>;

    // `make` is called once, in the child, with the loop that all connections share. Throws
    // std::runtime_error in a process with threads: the child would have their locks without them.
    explicit forked_server(const std::function<service(boost::asio::io_context&)>& make);
    ~forked_server();  // ended by SIGKILL, reaped
    forked_server(const forked_server&) = delete;
    forked_server& operator=(const forked_server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace nd::bench
