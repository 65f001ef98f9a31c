#include "tests/support/launcher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <thread>

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace nd::tests {
namespace {

class launcher {
  public:
    launcher() : thread_([this] { work(); }) {}
    ~launcher() {
        {
            const std::scoped_lock lock(mutex_);
            ending_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }
    template <class Make>
    pid_t on_my_thread(Make make) {
        std::packaged_task<pid_t()> job(std::move(make));
        auto made = job.get_future();
        {
            const std::scoped_lock lock(mutex_);
            jobs_.push(std::move(job));
        }
        changed_.notify_one();
        return made.get();
    }

  private:
    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            auto job = std::move(jobs_.front());
            jobs_.pop();
            lock.unlock();
            job();
            lock.lock();
        }
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::queue<std::packaged_task<pid_t()>> jobs_;
    bool ending_ = false;
    std::thread thread_;
};

std::vector<char*> pointers(std::vector<std::string>& to) {
    std::vector<char*> out(to.size() + 1, nullptr);
    std::transform(to.begin(), to.end(), out.begin(), [](auto& one) { return one.data(); });
    return out;
}

// This program's environment with what the command wants of its own.
std::vector<std::string> merged(const std::map<std::string, std::string>& mine) {
    std::vector<std::string> out;
    for (char** one = environ; *one != nullptr; ++one) {
        const std::string line = *one;
        if (!mine.contains(line.substr(0, line.find('=')))) out.push_back(line);
    }
    for (const auto& [name, value] : mine)
        out.push_back(fmt::format("{}={}", name, value));
    return out;
}

pid_t fork_and_exec(process::command what) {
    auto environment = merged(what.environment);
    const auto words = pointers(what.words);
    const auto variables = pointers(environment);
    const passwd* lent = what.as_server_user && ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    const auto parent = ::getpid();
    const auto made = ::fork();
    if (made != 0) return made;
    // Between fork and exec only what is safe in a program with threads.
    const int out = ::open(what.log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
    const int in = ::open("/dev/null", O_RDONLY);
    bool good = out >= 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(out, 2) == 2;
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    if (lent != nullptr) {
        good = good && ::setgroups(0, nullptr) == 0 && ::setgid(lent->pw_gid) == 0 &&
               ::setuid(lent->pw_uid) == 0;
    }
    ::setpgid(0, 0);                     // a Ctrl-C is the test's to handle
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after setuid, which forgets it
    good = good && ::getppid() == parent;
    if (good && (what.folder.empty() || ::chdir(what.folder.c_str()) == 0))
        ::execve(words.front(), words.data(), variables.data());
    ::_exit(127);
}

}  // namespace

pid_t launch(const process::command& what) {
    static launcher one;
    const auto made = one.on_my_thread([&what] { return fork_and_exec(what); });
    if (made < 0) throw std::runtime_error("cannot start " + what.words.front());
    return made;
}

}  // namespace nd::tests
