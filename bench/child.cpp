#include "bench/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace nd::bench {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds look_every{20};
constexpr std::chrono::seconds longest_stop{35};  // a program's own drain is 30 s

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string beside_this(const std::string& name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace

child::child(const std::string& name, const variables& environment, std::string log)
    : name_(name), log_(std::move(log)) {
    const auto program = beside_this(name);
    const auto parent = ::getpid();
    std::filesystem::remove(log_);  // what the last run said is not to be read as this one's
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(127);
    const int out = ::open(log_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    for (const auto& [variable, value] : environment)
        ::setenv(variable.c_str(), value.c_str(), 1);
    ::execl(program.c_str(), program.c_str(), nullptr);
    ::_exit(127);
}

child::~child() {
    stop();
}

void child::must_live() {
    if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return;
    pid_ = -1;
    fail("ended by itself");
}

void child::stop() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    const auto end = clock::now() + longest_stop;
    while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
        if (clock::now() > end) ::kill(pid_, SIGKILL);
        std::this_thread::sleep_for(look_every);
    }
    pid_ = -1;
}

void child::fail(const std::string& what) {
    const auto text = contents(log_);
    throw std::runtime_error(fmt::format("{} {}; the end of its log:\n{}", name_, what,
                                         text.substr(text.size() > 2000 ? text.size() - 2000 : 0)));
}

std::uint16_t child::number_in_log(const std::string& word, std::chrono::seconds longest) {
    const auto end = clock::now() + longest;
    while (clock::now() < end) {
        const auto text = contents(log_);
        const auto at = text.find(word);
        if (at != std::string::npos &&
            text.find_first_not_of("0123456789", at + word.size()) != std::string::npos)
            return static_cast<std::uint16_t>(std::atoi(text.c_str() + at + word.size()));
        must_live();
        std::this_thread::sleep_for(look_every);
    }
    fail(fmt::format("has not said {} within {} s", word, longest.count()));
}

}  // namespace nd::bench
