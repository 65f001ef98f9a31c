#include "tests/pg/scratch_cluster.hpp"

#include "base/pg.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace nd::tests {
namespace {

std::string output_of(const std::string& command) {
    std::string output;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) {
        throw std::runtime_error("cannot run: " + command);
    }
    std::array<char, 4096> some{};
    for (std::size_t size = 0; (size = std::fread(some.data(), 1, some.size(), pipe)) > 0;) {
        output.append(some.data(), size);
    }
    if (::pclose(pipe) != 0) {
        throw std::runtime_error(command + ": " + output);
    }
    while (!output.empty() && output.back() == '\n') {
        output.pop_back();
    }
    return output;
}

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(fd);
    if (!bound) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

}  // namespace

scratch_cluster::scratch_cluster(const std::string& settings) : port_(free_port()) {
    std::string pattern = "/tmp/nd-scratch-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    folder_ = pattern;
    programs_ =
        output_of("dirname $(ls -d /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)");
    if (::geteuid() == 0) {
        output_of("chown postgres " + folder_);
    }
    output_of(as_server_user(programs_ + "/initdb -D " + folder_ +
                             "/data -U postgres -A trust -E UTF8 --locale=C.UTF-8"));
    std::ofstream(folder_ + "/data/postgresql.conf", std::ios::app)
        << "port = " << port_ << "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
        << settings << "\n";
    start();
}

scratch_cluster::~scratch_cluster() {
    try {
        kill_9();
        output_of("rm -rf " + folder_);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "a scratch cluster stays behind: %s\n", problem.what());
    }
}

std::string scratch_cluster::as_server_user(const std::string& command) const {
    const std::string here = "cd " + folder_ + " && ";
    return ::geteuid() == 0
               ? here + "setpriv --reuid=postgres --regid=postgres --clear-groups " + command
               : here + command;
}

void scratch_cluster::launch() {
    const std::string server = programs_ + "/postgres";
    const std::string data = folder_ + "/data";
    const std::string log = folder_ + "/log";
    // A child of ours and of no shell: once killed it must be reaped, or the next server takes its
    // zombie for a running one.
    leader_ = ::fork();
    if (leader_ == 0) {
        const passwd* lent = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
        const bool lowered =
            lent == nullptr || (::setgid(lent->pw_gid) == 0 && ::setuid(lent->pw_uid) == 0);
        const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (lowered && out >= 0 && ::chdir(folder_.c_str()) == 0 && ::dup2(out, 1) == 1 &&
            ::dup2(out, 2) == 2) {
            ::execl(server.c_str(), server.c_str(), "-D", data.c_str(),
                    static_cast<const char*>(nullptr));
        }
        ::_exit(127);
    }
}

void scratch_cluster::start() {
    launch();
    for (int attempt = 0; attempt < 300; ++attempt) {
        if (base::pg::connection::open(url())) {
            return;
        }
        // It ends at once while a killed child of the one before is still being taken down.
        if (::waitpid(leader_, nullptr, WNOHANG) == leader_) {
            launch();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("the scratch cluster does not start: " +
                             output_of("tail -n 5 " + folder_ + "/log"));
}

void scratch_cluster::kill_9() {
    if (leader_ <= 0) {
        return;
    }
    // Stopped first, so that it neither mourns nor replaces its children while they are killed.
    ::kill(leader_, SIGSTOP);
    const std::string children =
        output_of("pgrep -P " + std::to_string(leader_) + " | tr '\\n' ' '");
    if (!children.empty()) output_of("kill -9 " + children);
    ::kill(leader_, SIGKILL);
    ::waitpid(leader_, nullptr, 0);
    leader_ = 0;
}

std::string scratch_cluster::url() const {
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=postgres dbname=postgres";
}

}  // namespace nd::tests
