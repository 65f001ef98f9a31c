// A program as a child of the test, which may be killed, stopped and continued, and started again.
// It dies with the test, whatever becomes of that. Used by the fault campaign and by tests that
// need a server of their own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nd::tests {

class process {
  public:
    struct command {
        std::vector<std::string> words;  // the program's path first
        std::map<std::string, std::string> environment;
        std::string log;     // both streams, appended to
        std::string folder;  // to stand in
        bool as_server_user =
            false;  // root lends it the user postgres, which servers do not run without
    };
    explicit process(command what) : what_(std::move(what)) {}
    ~process() { kill_9(); }
    process(process&& other) noexcept;
    process& operator=(process&&) = delete;

    void start();  // throws std::runtime_error when it runs already or cannot be started
    void kill_9();
    void pause();  // SIGSTOP
    void go_on();  // SIGCONT
    // The signal, and SIGKILL when it has not ended in time: then false.
    bool stop(std::chrono::seconds longest, int signal = SIGTERM);

    [[nodiscard]] bool runs();  // looks whether it has ended by itself
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    // How the last one ended by itself, as waitpid says it; cleared by start() and not set by us.
    [[nodiscard]] std::optional<int> ended() const noexcept { return ended_; }
    [[nodiscard]] const command& what() const noexcept { return what_; }
    [[nodiscard]] std::string log_end(std::size_t bytes = 2000) const;

  private:
    command what_;
    pid_t pid_ = 0;
    std::optional<int> ended_;
};

// The process and all that descend from it, e.g. a Postgres server with its children.
[[nodiscard]] std::vector<pid_t> family_of(pid_t leader);

// A TCP port of 127.0.0.1 that nobody has, below those that the kernel hands out: a server that is
// started again finds it free.
[[nodiscard]] std::uint16_t server_port();

}  // namespace nd::tests
