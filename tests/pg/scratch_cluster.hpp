// A Postgres cluster of one test's own, to be killed: initdb in a temporary folder, a free port,
// gone at the end. Root lends it the user postgres, as Postgres refuses to run as root. Throws
// std::runtime_error when it cannot.
#pragma once

#include <sys/types.h>

#include <string>

namespace nd::tests {

class scratch_cluster {
  public:
    explicit scratch_cluster(const std::string& settings);  // lines of postgresql.conf
    ~scratch_cluster();
    scratch_cluster(const scratch_cluster&) = delete;
    scratch_cluster& operator=(const scratch_cluster&) = delete;

    void start();
    void kill_9();  // every process of it, as a power cut that only the disk survives
    [[nodiscard]] std::string url() const;  // of its superuser

  private:
    void launch();
    [[nodiscard]] std::string as_server_user(const std::string& command) const;
    std::string folder_;
    std::string programs_;
    int port_ = 0;
    pid_t leader_ = 0;
};

}  // namespace nd::tests
