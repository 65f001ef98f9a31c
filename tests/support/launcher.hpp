// Starts children of this test program from one thread that lives as long as the program: "die with
// your parent" (PR_SET_PDEATHSIG) means the thread that forked. Used by process only.
#pragma once

#include "tests/support/process.hpp"

namespace nd::tests {

// Its number. Throws std::runtime_error when it cannot be started.
[[nodiscard]] pid_t launch(const process::command& what);

}  // namespace nd::tests
