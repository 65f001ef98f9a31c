#include "tests/support/stack.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace nd::tests {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        throw std::runtime_error(std::string(name) +
                                 " is not set: run these tests with ./dev test");
    }
    return value;
}

stack::outcome shell(const std::string& command) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"),
                                                         [](std::FILE*) { return 0; });
    if (!pipe) throw std::runtime_error("popen failed");
    stack::outcome done;
    std::array<char, 4096> piece{};
    while (const auto got = std::fread(piece.data(), 1, piece.size(), pipe.get())) {
        done.output.append(piece.data(), got);
    }
    const auto status = ::pclose(pipe.release());
    done.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return done;
}

}  // namespace

stack::stack(const std::string& name) : run_dir_(variable("ND_RUN_DIR") + "/" + name) {
    dev("up");
    std::ifstream file(run_dir_ + "/env");
    std::string line;
    while (std::getline(file, line)) {
        const auto equals = line.find('=');
        if (line.rfind("export ", 0) != 0 || equals == std::string::npos) continue;
        auto value = line.substr(equals + 1);
        if (value.size() > 1 && (value.front() == '\'' || value.front() == '"')) {
            value = value.substr(1, value.size() - 2);
        }
        env_[line.substr(7, equals - 7)] = value;
    }
}

stack::~stack() {
    try {
        dev("down --wipe");
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
    }
}

const std::string& stack::operator[](const std::string& name) const {
    const auto found = env_.find(name);
    if (found == env_.end()) throw std::runtime_error(name + " is not in " + run_dir_ + "/env");
    return found->second;
}

void stack::dev(const std::string& arguments) const {
    // The environment of another run directory would be stronger than this one's files.
    const auto done = shell("env ND_RUN_DIR='" + run_dir_ + "' '" + variable("ND_DEV") + "' " +
                            arguments + " </dev/null");
    if (done.status != 0) {
        throw std::runtime_error("dev " + arguments + " exited with " +
                                 std::to_string(done.status) + ":\n" + done.output);
    }
}

void stack::start(const std::string& program) {
    dev("start " + program);
}
void stack::stop(const std::string& program) {
    dev("stop " + program);
}

pid_t stack::pid(const std::string& program) const {
    std::ifstream file(run_dir_ + "/pid/" + program);
    pid_t found = 0;
    file >> found;
    if (!file || found <= 1) throw std::runtime_error("no pid file for " + program);
    return found;
}

void stack::kill_9(const std::string& program) {
    const auto victim = pid(program);
    ::kill(victim, SIGKILL);
    // A zombie still answers signal 0 until init reaps it; its command line is empty then.
    const auto gone = [victim] {
        std::ifstream line("/proc/" + std::to_string(victim) + "/cmdline");
        return line.peek() == std::ifstream::traits_type::eof();
    };
    if (!eventually(std::chrono::seconds(10), gone))
        throw std::runtime_error(program + " survived SIGKILL");
}

stack::outcome stack::run(const std::string& command) const {
    return shell("set -a; . '" + run_dir_ + "/env'; set +a; " + command);
}

stack::outcome stack::ndctl(const std::string& arguments) const {
    return run("'" + variable("ND_TEST_BIN") + "/ndctl' " + arguments);
}

bool eventually(std::chrono::milliseconds longest, const std::function<bool()>& ask) {
    const auto end = std::chrono::steady_clock::now() + longest;
    while (!ask()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace nd::tests
