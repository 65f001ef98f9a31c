// SIGTERM at any moment after a program's first log line ends it with 0.
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

struct child {
    pid_t pid = -1;
    int log = -1;  // the read end of its standard error
};

child start(const stack& system, const std::string& program) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto command = "set -a; . '" + system.run_dir() + "/env'; set +a; " +
                         "export ND_LISTEN=127.0.0.1:0 ND_ADMIN_LISTEN=127.0.0.1:0"
                         " ND_WRITER_ADMIN_LISTEN=127.0.0.1:0; exec '" +
                         std::string(std::getenv("ND_TEST_BIN")) + "/" + program + "'";
    const auto pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], 1);
        ::dup2(ends[1], 2);
        ::execl("/bin/bash", "bash", "-c", command.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    return {pid, ends[0]};
}

// Waits for the first log line, then `pause`, then SIGTERM; gives the exit status (-1: killed by a
// signal).
int stop_after(const child& c, std::chrono::milliseconds pause, std::string& log) {
    char byte = 0;
    while (::read(c.log, &byte, 1) == 1) {
        log += byte;
        if (byte == '\n') break;
    }
    std::this_thread::sleep_for(pause);
    ::kill(c.pid, SIGTERM);
    char piece[4096];
    for (ssize_t got = 0; (got = ::read(c.log, piece, sizeof piece)) > 0;)
        log.append(piece, static_cast<std::size_t>(got));
    ::close(c.log);
    int status = 0;
    ::waitpid(c.pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void stop_often(const std::string& program, int times) {
    const auto& system = the_system();
    std::mt19937 engine(20261123);
    std::uniform_int_distribution<int> pause(0, 100);
    for (int i = 0; i < times; ++i) {
        const auto after = pause(engine);
        std::string log;
        const auto status =
            stop_after(start(system, program), std::chrono::milliseconds(after), log);
        REQUIRE_MESSAGE(status == 0, program << " stopped " << after
                                             << " ms after its first line:\n"
                                             << log);
    }
}

}  // namespace

TEST_CASE("nd-ingest exits 0 on SIGTERM 0 to 100 ms after its first log line, 200 times") {
    stop_often("nd-ingest", 200);
}

TEST_CASE("nd-writer exits 0 on SIGTERM 0 to 100 ms after its first log line, 200 times") {
    the_system().stop("nd-writer");  // so that no rebalance of a running one is in the way
    stop_often("nd-writer", 200);
    the_system().start("nd-writer");
}
