#include "tests/support/postgres_server.hpp"

#include "base/pg.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace nd::tests {
namespace {

std::string programs() {
    static const auto folder =
        output_of("dirname $(ls -d /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)");
    return folder;
}

std::string as_server_user(const std::string& command) {
    return ::geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " + command
                            : command;
}

}  // namespace

std::string output_of(const std::string& command) {
    std::string output;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
    std::array<char, 4096> some{};
    while (const auto size = std::fread(some.data(), 1, some.size(), pipe))
        output.append(some.data(), size);
    if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + output);
    while (!output.empty() && output.back() == '\n')
        output.pop_back();
    return output;
}

postgres_server::postgres_server(const std::string& folder, const std::string& settings,
                                 const std::string& log)
    : folder_(folder),
      port_(server_port()),
      leader_({{programs() + "/postgres", "-D", data()}, {}, log, folder, true}) {
    output_of(fmt::format("mkdir -p '{0}' && chmod 0700 '{0}'", folder_));
    if (::geteuid() == 0) output_of(fmt::format("chown postgres '{}'", folder_));
    output_of(fmt::format("cd '{}' && {}", folder_,
                          as_server_user(programs() + "/initdb -D '" + data() +
                                         "' -U postgres -A trust -E UTF8 --locale=C.UTF-8")));
    std::ofstream(data() + "/postgresql.conf", std::ios::app)
        << "port = " << port_ << "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
        << settings << "\n";
}

void postgres_server::start() {
    leader_.start();
    for (int attempt = 0; attempt < 600; ++attempt) {
        if (base::pg::connection::open(url())) return;
        // It ends at once while the children of a killed one are still going.
        if (!leader_.runs()) leader_.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("Postgres does not start: " + leader_.log_end(500));
}

void postgres_server::stop() {
    if (!leader_.stop(std::chrono::seconds(60), SIGINT))
        throw std::runtime_error("Postgres did not stop: " + leader_.log_end(500));
}

void postgres_server::kill_9() {
    if (!leader_.runs()) return;
    // Stopped first, so that it neither mourns nor replaces its children while they are killed.
    leader_.pause();
    auto family = family_of(leader_.pid());
    for (auto child = family.rbegin(); child + 1 != family.rend(); ++child)
        ::kill(*child, SIGKILL);
    leader_.kill_9();
}

void postgres_server::pause() {
    signal_all(SIGSTOP);
}

void postgres_server::go_on() {
    signal_all(SIGCONT);
}

void postgres_server::signal_all(int signal) {
    if (!leader_.runs()) return;
    if (signal == SIGSTOP) leader_.pause();  // so that no new child comes in between
    for (const auto one : family_of(leader_.pid()))
        ::kill(one, signal);
}

void postgres_server::copy_to(const std::string& name) const {
    output_of(fmt::format("rm -rf '{0}/{1}' && cp -a '{0}/data' '{0}/{1}'", folder_, name));
}

void postgres_server::restore_from(const std::string& name) const {
    output_of(fmt::format("rm -rf '{0}/data' && mv '{0}/{1}' '{0}/data'", folder_, name));
}

std::string postgres_server::url(const std::string& database, const std::string& role) const {
    return fmt::format("postgresql://{}@127.0.0.1:{}/{}", role, port_, database);
}

}  // namespace nd::tests
