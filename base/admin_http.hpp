// The second port of each program: /healthz, /readyz, /metrics and what else main registers. It has
// a thread of its own so that it answers while the program is busy or stuck. GET and HEAD only,
// plain HTTP: bind it to loopback or a private network.
#pragma once

#include "base/config.hpp"
#include "base/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace nd::base {

struct admin_reply {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
};

// Called on the admin thread: must be safe beside all other threads, and quick.
using admin_handler = std::function<admin_reply()>;
using admin_routes = std::map<std::string, admin_handler, std::less<>>;

class admin_server {
  public:
    // Binds and serves until destroyed. Port 0 takes a free one. errc::unavailable when the address
    // cannot be bound.
    [[nodiscard]] static result<std::unique_ptr<admin_server>> start(const host_port& address,
                                                                     admin_routes routes);
    ~admin_server();
    admin_server(const admin_server&) = delete;
    admin_server& operator=(const admin_server&) = delete;

    [[nodiscard]] std::uint16_t port() const;

  private:
    struct inside;
    explicit admin_server(std::unique_ptr<inside> made);
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::base
