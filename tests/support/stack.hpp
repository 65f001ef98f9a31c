// A whole running system of the test's own: Kafka, Postgres, nd-ingest and nd-writer, made by the
// same script that people use, in a run directory of its own (ND_RUN_DIR/NAME). Used by the e2e
// tests; it never touches a system that somebody runs.
#pragma once

#include <sys/types.h>
#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace nd::tests {

class stack {
  public:
    // `dev up` (idempotent). Throws std::runtime_error with the script's last lines when it fails.
    explicit stack(const std::string& name);
    ~stack();  // `dev down --wipe`
    stack(const stack&) = delete;

    // A line of the run directory's env file, e.g. "ND_URL". Throws when there is none.
    [[nodiscard]] const std::string& operator[](const std::string& variable) const;
    [[nodiscard]] const std::string& run_dir() const { return run_dir_; }

    void start(const std::string& program);
    void stop(const std::string& program);    // SIGTERM, waits
    void kill_9(const std::string& program);  // and waits until it is gone
    [[nodiscard]] pid_t pid(const std::string& program) const;

    // Runs a program with the stack's environment; gives its output (both streams) and exit status.
    struct outcome {
        int status = -1;
        std::string output;
    };
    outcome run(const std::string& command) const;
    outcome ndctl(const std::string& arguments) const;

  private:
    void dev(const std::string& arguments) const;
    std::string run_dir_;
    std::map<std::string, std::string> env_;
};

// Asks every 20 ms until it is true; false when `longest` has passed.
[[nodiscard]] bool eventually(std::chrono::milliseconds longest, const std::function<bool()>& ask);

}  // namespace nd::tests
