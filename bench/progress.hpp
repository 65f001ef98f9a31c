// The line that says what a run is doing: rewritten in place on a terminal, one line per step
// elsewhere. On the error stream, so that the table can be piped.
#pragma once

#include <string>

namespace nd::bench {

class progress {
  public:
    progress();
    ~progress();  // leaves the cursor on a line of its own
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    // A new step; stays on the screen.
    void step(const std::string& what);
    // How the step goes; shown on a terminal only.
    void detail(const std::string& how);

  private:
    bool terminal_;
    bool open_ = false;  // a line without its end is on the screen
    std::string step_;
};

}  // namespace nd::bench
