#include "tests/support/process.hpp"

#include "tests/support/launcher.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

namespace nd::tests {
namespace {

constexpr std::chrono::milliseconds look_every{10};

std::optional<pid_t> parent_of(const std::string& number) {
    std::ifstream file("/proc/" + number + "/stat");
    std::string text;
    std::getline(file, text);
    const auto after_name = text.rfind(") ");
    if (after_name == std::string::npos) return std::nullopt;
    return static_cast<pid_t>(std::atoi(text.c_str() + after_name + 4));
}

}  // namespace

process::process(process&& other) noexcept
    : what_(std::move(other.what_)),
      pid_(std::exchange(other.pid_, 0)),
      ended_(std::exchange(other.ended_, std::nullopt)) {}

void process::start() {
    if (runs()) throw std::runtime_error(what_.words.front() + " runs already");
    ended_.reset();
    pid_ = launch(what_);
}

bool process::runs() {
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = 0;
        ended_ = status;
    }
    return pid_ > 0;
}

void process::kill_9() {
    if (!runs()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void process::pause() {
    if (runs()) ::kill(pid_, SIGSTOP);
}

void process::go_on() {
    if (runs()) ::kill(pid_, SIGCONT);
}

bool process::stop(std::chrono::seconds longest, int signal) {
    if (!runs()) return true;
    ::kill(pid_, signal);
    const auto until = std::chrono::steady_clock::now() + longest;
    while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > until) {
            kill_9();
            return false;
        }
        std::this_thread::sleep_for(look_every);
    }
    pid_ = 0;
    return true;
}

std::string process::log_end(std::size_t bytes) const {
    std::ifstream file(what_.log, std::ios::ate);
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg()));
    const auto from = size > bytes ? size - bytes : 0;
    std::string text(size - from, '\0');
    file.seekg(static_cast<std::streamoff>(from));
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    return text;
}

std::vector<pid_t> family_of(pid_t leader) {
    std::multimap<pid_t, pid_t> children;
    if (DIR* all = ::opendir("/proc"); all != nullptr) {
        while (const auto* entry = ::readdir(all)) {
            const std::string name = entry->d_name;
            if (name.find_first_not_of("0123456789") != std::string::npos) continue;
            if (const auto parent = parent_of(name)) children.emplace(*parent, std::stoi(name));
        }
        ::closedir(all);
    }
    std::vector<pid_t> family{leader};
    for (std::size_t i = 0; i < family.size(); ++i) {
        const auto [first, last] = children.equal_range(family[i]);
        std::for_each(first, last, [&](const auto& one) { family.push_back(one.second); });
    }
    return family;
}

std::uint16_t server_port() {
    static std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<int> some(20'000, 31'999);
    for (int attempt = 0; attempt < 200; ++attempt) {
        const auto port = static_cast<std::uint16_t>(some(random));
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        const bool mine = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(fd);
        if (mine) return port;
    }
    throw std::runtime_error("no free port on 127.0.0.1");
}

}  // namespace nd::tests
