// One ndctl as people run it, with what it said and what it used. Called by the replay scenario.
#pragma once

#include <sys/types.h>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace nd::bench {

struct ndctl_answer {
    boost::json::object said;  // its --json
    double cpu_s = 0;          // of the process itself

    [[nodiscard]] double number(const char* name) const;
    [[nodiscard]] std::int64_t count(const char* name) const;  // of "counts"
};

// Now, as --from takes it. Nothing of before lies in a range that begins there.
[[nodiscard]] std::string range_begin();

class ndctl_process {
  public:
    // The ndctl beside this program, with --json; its answer goes to `out`, its progress to
    // `out`.err.
    ndctl_process(std::vector<std::string> arguments, std::string out);
    ~ndctl_process();  // ends it
    ndctl_process(const ndctl_process&) = delete;
    ndctl_process& operator=(const ndctl_process&) = delete;

    // Waits for its end. Throws bench_error with what it said when it failed.
    [[nodiscard]] ndctl_answer finish();
    [[nodiscard]] bool running();

  private:
    pid_t pid_ = -1;
    std::string out_;
};

}  // namespace nd::bench
