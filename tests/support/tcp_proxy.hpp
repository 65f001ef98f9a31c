// TCP connections between two parts of a system, to be cut and slowed by a test. Each link listens
// on a port of 127.0.0.1 and carries what comes to another one. One thread of its own moves the
// bytes of all links; the calls are safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

namespace nd::tests {

struct tcp_link;  // in tcp_proxy.cpp

class tcp_proxy {
  public:
    tcp_proxy();
    ~tcp_proxy();
    tcp_proxy(const tcp_proxy&) = delete;

    class link {
      public:
        [[nodiscard]] std::uint16_t port() const;
        void pass();
        // Ends every connection with a reset and refuses new ones.
        void cut();
        // Nothing moves and nothing ends: what a network does that loses everything.
        void fall_silent();
        // Each piece later by `delay`, and not more than so many bytes per second each way and
        // connection.
        void slow(std::chrono::milliseconds delay, std::size_t bytes_per_second);
        // Whether one of its connections reaches the target from this local port: tells whose a
        // server's connection is.
        [[nodiscard]] bool carries(std::uint16_t from_port) const;

      private:
        friend class tcp_proxy;
        explicit link(std::shared_ptr<tcp_link> inside) : inside_(std::move(inside)) {}
        std::shared_ptr<tcp_link> inside_;
    };
    // To a port of 127.0.0.1, on which nobody need listen yet.
    [[nodiscard]] link add(std::uint16_t target);

  private:
    struct loop;
    std::unique_ptr<loop> loop_;
    std::thread thread_;
};

}  // namespace nd::tests
