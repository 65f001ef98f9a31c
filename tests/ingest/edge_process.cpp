#include "tests/ingest/edge_process.hpp"

#include "tests/support/stack.hpp"

#include <boost/json/parse.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace nd::tests {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::uint16_t number_after(const std::string& text, const std::string& name) {
    const auto at = text.find(name);
    if (at == std::string::npos) return 0;
    return static_cast<std::uint16_t>(std::atoi(text.c_str() + at + name.size()));
}

std::string json_text(const boost::json::object& from, const char* name) {
    const auto& value = from.at(name);
    if (value.is_int64()) return std::to_string(value.as_int64());
    return std::string(value.as_string());
}

std::string quoted(const std::string& text) {
    std::string made = "'";
    for (const char c : text)
        made += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return made + "'";
}

}  // namespace

std::string required(const char* variable) {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0')
        throw std::runtime_error(std::string(variable) +
                                 " is not set: run these tests with ./dev test");
    return value;
}

scratch_folder::scratch_folder() : path_("/tmp/nd-contract-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

edge_process::edge_process(const variables& more, bool wait_ready) {
    const auto pepper_file = folder_.file("pepper");
    std::ofstream(pepper_file) << pepper << '\n';
    ::chmod(pepper_file.c_str(), 0600);
    environment_ = {{"ND_KAFKA", required("ND_TEST_KAFKA")},
                    {"ND_SINGLE_BROKER", "1"},
                    {"ND_KEY_PEPPER_FILE", pepper_file},
                    {"ND_INGEST_DATABASE_URL", database_.url("nd_ingest")},
                    {"ND_OPERATOR_DATABASE_URL", database_.url("nd_operator")},
                    {"ND_READER_DATABASE_URL", database_.url("nd_reader")},
                    {"ND_LISTEN", "127.0.0.1:0"},
                    {"ND_ADMIN_LISTEN", "127.0.0.1:0"},
                    {"ND_THREADS", "2"}};
    if (!more.contains("ND_KAFKA")) ndctl("topics --single-broker");
    for (const auto& [name, value] : more)
        environment_[name] = value;
    launch();
    if (wait_ready) wait_until_listening(true);
}

edge_process::~edge_process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    try {
        static_cast<void>(wait_exit());
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void edge_process::launch() {
    const auto program = required("ND_TEST_BIN") + "/nd-ingest";
    const auto log_file = folder_.file("log");
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    const int out = ::open(log_file.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    for (const auto& [name, value] : environment_)
        ::setenv(name.c_str(), value.c_str(), 1);
    ::execl(program.c_str(), program.c_str(), nullptr);
    std::_Exit(127);
}

void edge_process::wait_until_listening(bool ready) {
    for (int tries = 0; tries < 1200; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const auto text = log();
        port_ = number_after(text, "address=127.0.0.1:");
        admin_port_ = number_after(text, "admin_port=");
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error("nd-ingest ended:\n" + text);
        }
        if (admin_port_ != 0 && (!ready || admin("/readyz").status == 200)) return;
    }
    throw std::runtime_error("nd-ingest is not ready after a minute:\n" + log());
}

http_answer edge_process::ask(const request& what) const {
    auto client = connect();
    client.send(what.text());
    return client.read_answer(false, std::chrono::seconds(30));
}

http_answer edge_process::admin(const std::string& path) const {
    return http_client("http://127.0.0.1:" + std::to_string(admin_port_)).get(path);
}

std::string edge_process::log() const {
    return read_file(folder_.file("log"));
}

std::string edge_process::ndctl(const std::string& arguments) const {
    std::string command = "env";
    for (const auto& [name, value] : environment_)
        command += " " + name + "=" + quoted(value);
    command +=
        " " + required("ND_TEST_BIN") + "/ndctl " + arguments + " 2>" + folder_.file("ndctl.err");
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"),
                                                         [](std::FILE*) { return 0; });
    std::string output;
    std::array<char, 4096> piece{};
    while (const auto n = std::fread(piece.data(), 1, piece.size(), pipe.get()))
        output.append(piece.data(), n);
    if (::pclose(pipe.release()) != 0)
        throw std::runtime_error("ndctl " + arguments + ":\n" + output +
                                 read_file(folder_.file("ndctl.err")));
    return output;
}

new_key edge_process::make_key(const std::string& flags, unsigned per_minute) {
    const auto tenant = boost::json::parse(ndctl("tenant create --json")).as_object();
    new_key made;
    made.tenant = json_text(tenant, "tenant_id");
    if (per_minute > 0)
        ndctl("limits set --tenant " + made.tenant + " --class events --per-minute " +
              std::to_string(per_minute));
    const auto key =
        boost::json::parse(ndctl("key create --json --tenant " + made.tenant + " " + flags))
            .as_object();
    made.key = json_text(key, "key");
    made.id = json_text(key, "key_id");
    return made;
}

new_key edge_process::known_key(const std::string& flags) {
    auto made = make_key(flags);
    auto check = good_request(made.key);
    check.line = "POST /v1/events?validate=1 HTTP/1.1";
    if (!eventually(std::chrono::seconds(10), [&] { return ask(check).status == 200; }))
        throw std::runtime_error("nd-ingest did not hear of a new key");
    return made;
}

void edge_process::signal(int number) const {
    ::kill(pid_, number);
}

int edge_process::wait_exit(std::chrono::milliseconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < deadline) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("nd-ingest does not end:\n" + log());
}

edge_process& shared_edge() {
    static edge_process edge({{"ND_HEADER_TIMEOUT", "1"}, {"ND_BODY_TIMEOUT", "2"}});
    return edge;
}

const new_key& shared_key() {
    static const new_key key = shared_edge().make_key();
    return key;
}

}  // namespace nd::tests
