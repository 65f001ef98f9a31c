// ndctl: the operator's tool. Everything but printing is in command_line, where the tests reach it.
#include "ops/command_line.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        const auto outcome = nd::ops::run_ndctl(arguments);
        std::fputs(outcome.err.c_str(), stderr);
        std::fputs(outcome.out.c_str(), stdout);
        // A key is shown once: when it could not be written, the command has not succeeded.
        if (std::fflush(stdout) != 0) {
            std::perror("ndctl: writing the answer");
            return 1;
        }
        return static_cast<int>(outcome.status);
    } catch (const std::exception& bug) {
        std::fprintf(stderr, "ndctl: internal error: %s\n", bug.what());
        return 1;
    }
}
