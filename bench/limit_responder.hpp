// The least that an HTTP edge can cost here: a Beast loop on one thread that reads each request
// whole and answers 202. The bench's limit, measured in the same run; it never looks at what it
// reads.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace nd::bench {

class limit_responder {
  public:
    limit_responder();   // a child process on a free loopback port
    ~limit_responder();  // ended by SIGKILL, reaped
    limit_responder(const limit_responder&) = delete;
    limit_responder& operator=(const limit_responder&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace nd::bench
