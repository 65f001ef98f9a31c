// One `ndctl replay` as people run it, with what it said and what it used. Called by the replay
// scenario.
#pragma once

#include <sys/types.h>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace nd::bench {

struct replay_answer {
    boost::json::object said;  // its --json
    double cpu_s = 0;          // of the process itself

    [[nodiscard]] double number(const char* name) const;
    [[nodiscard]] std::int64_t count(const char* name) const;  // of "counts"
};

class replay_process {
  public:
    // The ndctl beside this program; its answer goes to `out`, its progress to `out`.err.
    replay_process(std::vector<std::string> arguments, std::string out);
    ~replay_process();  // ends it
    replay_process(const replay_process&) = delete;
    replay_process& operator=(const replay_process&) = delete;

    // Waits for its end. Throws bench_error with what it said when it failed.
    [[nodiscard]] replay_answer finish();
    [[nodiscard]] bool running();

  private:
    pid_t pid_ = -1;
    std::string out_;
};

}  // namespace nd::bench
