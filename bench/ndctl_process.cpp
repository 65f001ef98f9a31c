#include "bench/ndctl_process.hpp"

#include "bench/options.hpp"
#include "schema/instant.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace nd::bench {
namespace {

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

double seconds(const ::timeval& of) {
    return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_usec) / 1e6;
}

}  // namespace

double ndctl_answer::number(const char* name) const {
    return said.at(name).to_number<double>();
}

std::int64_t ndctl_answer::count(const char* name) const {
    return said.at("counts").at(name).to_number<std::int64_t>();
}

std::string range_begin() {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return schema::to_string(schema::instant{us.count()});
}

ndctl_process::ndctl_process(std::vector<std::string> arguments, std::string out)
    : out_(std::move(out)) {
    const auto program =
        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "ndctl").string();
    arguments.insert(arguments.begin(), program);
    arguments.emplace_back("--json");
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (auto& one : arguments)
        words.push_back(one.data());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(::open(out_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600), 1);
    ::dup2(::open((out_ + ".err").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600), 2);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
}

ndctl_process::~ndctl_process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);  // nothing of ndctl's is half done then
    ::waitpid(pid_, nullptr, 0);
}

bool ndctl_process::running() {
    ::siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

ndctl_answer ndctl_process::finish() {
    int status = 0;
    ::rusage used{};
    ::wait4(pid_, &status, 0, &used);
    pid_ = -1;
    const auto text = contents(out_);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw bench_error(exit_finding, "ndctl failed: " + text + contents(out_ + ".err"));
    return {boost::json::parse(text).as_object(), seconds(used.ru_utime) + seconds(used.ru_stime)};
}

}  // namespace nd::bench
