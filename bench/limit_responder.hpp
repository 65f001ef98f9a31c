// The least that an HTTP edge can cost here: a Beast loop on one thread that reads each request
// whole, through TLS or a decompressor where the scenario has them, and answers 202. The bench's
// limit, measured in the same run; it never looks at what it reads.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace nd::bench {

struct responder_settings {
    std::string certificate;  // PEM files; empty: plain HTTP
    std::string key;
};

class limit_responder {
  public:
    // A child process on a free loopback port; make it before this process has threads.
    explicit limit_responder(const responder_settings& with = {});
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
