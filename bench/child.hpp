// A program of ours as a child of the bench, with this process's environment and some variables of
// its own: so a run has the program with the settings that it wants. Ended with the object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace nd::bench {

class child {
  public:
    using variables = std::map<std::string, std::string>;
    // `name`: of the program beside this one. Its log goes to `log`. Throws std::runtime_error with
    // the log's end when it ends at once.
    child(const std::string& name, const variables& environment, std::string log);
    ~child();  // SIGTERM, after half a minute SIGKILL
    child(const child&) = delete;
    child& operator=(const child&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    // The number after `word` in its log, e.g. "admin_port="; throws when it does not come in time.
    [[nodiscard]] std::uint16_t number_in_log(
        const std::string& word, std::chrono::seconds longest = std::chrono::seconds(30));
    // Throws with the end of its log when it has ended by itself.
    void must_live();
    void stop();

  private:
    [[noreturn]] void fail(const std::string& what);
    std::string name_;
    std::string log_;
    pid_t pid_ = -1;
};

}  // namespace nd::bench
