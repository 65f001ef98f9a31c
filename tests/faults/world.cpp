#include "tests/faults/world.hpp"

#include "tests/support/http_client.hpp"
#include "tests/support/stack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;

// Enough for hours of a campaign's load; a tmpfs takes memory only for what is in it.
constexpr const char* postgres_disk_size = "3g";
constexpr const char* broker_disk_size = "2g";
constexpr const char* postgres_settings =
    "max_connections = 100\nshared_buffers = 128MB\nmax_wal_size = 256MB\ntimezone = 'UTC'\n"
    "log_timezone = 'UTC'\nlog_line_prefix = '%m [%p] %q%u@%d '\nlog_checkpoints = off\n";

std::string program_path(const std::string& name) {
    const char* folder = std::getenv("ND_TEST_BIN");
    if (folder == nullptr) throw std::runtime_error("ND_TEST_BIN is not set: run this with ./dev");
    return std::string(folder) + "/" + name.substr(0, name.find('.'));
}

std::string local(std::uint16_t port) {
    return fmt::format("127.0.0.1:{}", port);
}

std::string role_url(const std::string& role, std::uint16_t port) {
    return fmt::format("postgresql://{}@127.0.0.1:{}/nd", role, port);
}

std::string client_name(std::size_t writer) {
    return fmt::format("WRITER{}", writer + 1);
}

std::string how(int status) {
    return WIFSIGNALED(status) ? fmt::format("by signal {}", WTERMSIG(status))
                               : fmt::format("with status {}", WEXITSTATUS(status));
}

}  // namespace

world::world(const world_options& options, timeline& told) : options_(options), told_(told) {
    std::filesystem::create_directories(options_.folder);
    make_disks();
    std::vector<std::string> clients{"INGEST"};
    for (std::size_t i = 0; i < options_.writers; ++i)
        clients.push_back(client_name(i));
    std::vector<std::string> data;
    for (auto disk = disks_.begin() + 1; disk != disks_.end(); ++disk)
        data.push_back((*disk)->folder() + "/kafka");
    kafka_ = std::make_unique<kafka_nodes>(options_.folder + "/kafka", data, clients, proxy_);
    kafka_->start_all();
    make_postgres();
    prepare();
    const auto port = server_port();
    client_link_ = proxy_.add(port);
    add_program("nd-ingest", "INGEST", {{"ND_LISTEN", local(port)}, {"ND_THREADS", "2"}});
    for (std::size_t i = 0; i < options_.writers; ++i)
        add_program(fmt::format("nd-writer.{}", i + 1), client_name(i), {});
    for (const auto& one : programs_)
        one->child.start();
    if (!eventually(180s, [this] { return all_ready(); }))
        throw std::runtime_error("the programs were not ready within 180 s, see " +
                                 options_.folder);
    supervisor_ = std::thread([this] { supervise(); });
}

world::~world() {
    ending_ = true;
    if (supervisor_.joinable()) supervisor_.join();
    programs_.clear();
    kafka_.reset();
    if (postgres_) postgres_->kill_9();
}

void world::make_disks() {
    disks_.push_back(
        std::make_unique<small_disk>(options_.folder + "/disk.postgres", postgres_disk_size));
    for (int i = 1; i <= options_.brokers; ++i) {
        disks_.push_back(std::make_unique<small_disk>(
            fmt::format("{}/disk.broker.{}", options_.folder, i), broker_disk_size));
    }
    for (const auto& one : disks_) {
        if (one->is_small()) continue;
        told_.add("SKIPPED: no full disk, because " + one->why_not());
        return;
    }
}

bool world::has_small_disks() const noexcept {
    return std::all_of(disks_.begin(), disks_.end(),
                       [](const auto& one) { return one->is_small(); });
}

void world::make_postgres() {
    postgres_ = std::make_unique<postgres_server>(
        postgres_disk().folder() + "/pg", postgres_settings, options_.folder + "/postgres.log");
    postgres_->start();
    output_of(fmt::format("psql -X -q -d '{}' -c 'create database nd'", postgres_->url()));
}

void world::prepare() {
    const auto pepper = options_.folder + "/key-pepper";
    output_of(fmt::format("(umask 077 && od -An -v -tx1 -N 20 /dev/urandom | tr -d ' \\n' >'{0}')",
                          pepper));
    ndctl("migrate --roles");
    ndctl("partitions");
    ndctl("topics");
}

std::string world::ndctl(const std::string& arguments) const {
    std::string words = fmt::format("env ND_KAFKA='{}' ND_KEY_PEPPER_FILE='{}/key-pepper' ",
                                    kafka_->bootstrap(), options_.folder);
    if (options_.brokers == 1) words += "ND_SINGLE_BROKER=1 ";
    words += fmt::format("ND_ADMIN_DATABASE_URL='{}' ", postgres_->url("nd"));
    for (const auto* role : {"migrate", "operator", "reader", "writer"}) {
        std::string upper(role);
        for (auto& c : upper)
            c = static_cast<char>(c - 'a' + 'A');
        words += fmt::format("ND_{}_DATABASE_URL='{}' ", upper,
                             role_url(std::string("nd_") + role, postgres_->port()));
    }
    return output_of(fmt::format("{}'{}' {} </dev/null", words, program_path("ndctl"), arguments));
}

void world::add_program(const std::string& name, const std::string& client,
                        const std::map<std::string, std::string>& more) {
    const auto admin = server_port();
    auto link = proxy_.add(postgres_->port());
    std::map<std::string, std::string> environment{
        {"ND_KAFKA", kafka_->bootstrap(client)},
        {"ND_KEY_PEPPER_FILE", options_.folder + "/key-pepper"},
        {"ND_INGEST_DATABASE_URL", role_url("nd_ingest", link.port())},
        {"ND_WRITER_DATABASE_URL", role_url("nd_writer", link.port())},
        {"ND_ADMIN_LISTEN", local(admin)},
        {"ND_WRITER_ADMIN_LISTEN", local(admin)}};
    if (options_.brokers == 1) environment["ND_SINGLE_BROKER"] = "1";
    environment.insert(more.begin(), more.end());
    programs_.push_back(
        std::unique_ptr<program>(new program{name,
                                             process({{program_path(name)},
                                                      environment,
                                                      options_.folder + "/" + name + ".log",
                                                      options_.folder}),
                                             kafka_->links(client),
                                             link,
                                             "http://" + local(admin),
                                             {},
                                             true}));
}

std::string world::url() const {
    return "http://" + local(client_link_->port());
}

std::vector<tenant_key> world::make_tenants(int count) {
    const auto file = options_.folder + "/keys";
    std::filesystem::remove(file);
    ndctl(fmt::format("tenant create --count {} --keys-out {} --json", count, file));
    auto made = read_tenant_keys(file);
    for (const auto& one : made)
        ndctl("limits set --tenant " + one.tenant + " --class events --per-minute 6000");
    return made;
}

bool world::all_ready() {
    for (const auto& one : programs_) {
        if (one->wanted && http_client(one->admin_url, 3s).get("/readyz").status != 200)
            return false;
    }
    return true;
}

void world::supervise() {
    try {
        while (!ending_) {
            for (const auto& one : programs_)
                look_after(*one);
            look_after_servers();
            std::this_thread::sleep_for(300ms);
        }
    } catch (const std::exception& e) {
        const std::scoped_lock lock(problem_mutex_);
        problem_ = e.what();
    }
}

void world::look_after(program& one) {
    const std::unique_lock lock(one.lock, std::try_to_lock);
    if (!lock || !one.wanted || one.child.runs()) return;
    if (const auto status = one.child.ended()) {
        told_.add(fmt::format("{} ended by itself {}: {}", one.name, how(*status),
                              one.child.log_end(400)));
        ++(WIFSIGNALED(*status) ? crashes_ : exits_);
        std::this_thread::sleep_for(700ms);
    }
    one.child.start();
}

// A full disk ends a server; the supervisor starts it again once the fault is over.
void world::look_after_servers() {
    if (const std::unique_lock lock(postgres_lock_, std::try_to_lock); lock) {
        if (!postgres_->runs()) {
            told_.add("Postgres had ended by itself: " + postgres_->log_end());
            postgres_->start();
        }
    }
    const std::unique_lock lock(kafka_lock_, std::try_to_lock);
    if (!lock) return;
    for (std::size_t i = 0; i < kafka_->size(); ++i) {
        if (kafka_->node(i).runs()) continue;
        told_.add(
            fmt::format("broker {} had ended by itself: {}", i + 1, kafka_->node(i).log_end(500)));
        kafka_->start(i);
    }
}

std::optional<std::string> world::problem() const {
    const std::scoped_lock lock(problem_mutex_);
    return problem_;
}

}  // namespace nd::tests
