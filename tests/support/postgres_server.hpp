// A Postgres server of one test's own: initdb in a folder, a port that stays the same, a superuser
// "postgres" without a password. Root lends it the user postgres, as Postgres refuses to run as
// root. Every function throws std::runtime_error when it cannot.
#pragma once

#include "tests/support/process.hpp"

#include <string>

namespace nd::tests {

class postgres_server {
  public:
    // `folder`: one that the user postgres can reach; `settings`: lines of postgresql.conf. Not
    // started yet.
    postgres_server(const std::string& folder, const std::string& settings, const std::string& log);
    ~postgres_server() { kill_9(); }
    postgres_server(const postgres_server&) = delete;

    void start();   // returns once it answers
    void stop();    // "fast": connections are ended, a checkpoint is written
    void kill_9();  // every process of it, as a power cut that only the disk survives
    void pause();   // every process of it
    void go_on();
    [[nodiscard]] bool runs() { return leader_.runs(); }

    // While it is stopped: the whole cluster to a folder beside it, and back.
    void copy_to(const std::string& name) const;
    void restore_from(const std::string& name) const;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    [[nodiscard]] std::string log_end() const { return leader_.log_end(500); }
    // For libpq. Nobody needs a password.
    [[nodiscard]] std::string url(const std::string& database = "postgres",
                                  const std::string& role = "postgres") const;

  private:
    void signal_all(int signal);
    [[nodiscard]] std::string data() const { return folder_ + "/data"; }
    std::string folder_;
    std::uint16_t port_;
    process leader_;
};

// Runs a shell command; its output. Throws with that when it fails.
std::string output_of(const std::string& command);

}  // namespace nd::tests
