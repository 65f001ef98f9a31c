// The system that a campaign torments: brokers, Postgres, one nd-ingest and several nd-writers, all
// children of this program, with a proxy link between each two that talk. Whoever stops or kills a
// part holds its lock; what ends by itself is started again, as a supervisor would, and counted.
// Throws std::runtime_error when the system cannot be made.
#pragma once

#include "tests/faults/small_disk.hpp"
#include "tests/faults/timeline.hpp"
#include "tests/support/kafka_nodes.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/tenant_key.hpp"

#include <atomic>
#include <mutex>
#include <optional>

namespace nd::tests {

// nd-ingest or an nd-writer, with its links.
struct program {
    std::string name;
    process child;
    std::vector<tcp_proxy::link> broker_links;
    tcp_proxy::link postgres_link;
    std::string admin_url;
    std::mutex lock;
    bool wanted = true;  // false: ended on purpose, a writer that left
};

struct world_options {
    std::string folder;
    int brokers = 1;
    std::size_t writers = 3;
};

class world {
  public:
    world(const world_options& options, timeline& told);
    ~world();
    world(const world&) = delete;

    program& ingest() { return *programs_.front(); }
    program& writer(std::size_t which) { return *programs_.at(1 + which); }
    [[nodiscard]] std::size_t writers() const noexcept { return programs_.size() - 1; }
    postgres_server& postgres() { return *postgres_; }
    kafka_nodes& kafka() { return *kafka_; }
    std::mutex& postgres_lock() { return postgres_lock_; }
    std::mutex& kafka_lock() { return kafka_lock_; }
    tcp_proxy::link& client_link() { return *client_link_; }
    [[nodiscard]] std::string url() const;  // nd-ingest, through the clients' link

    // Postgres and each broker stand on file systems of their own that may be filled, if any can be
    // made.
    [[nodiscard]] bool has_small_disks() const noexcept;
    [[nodiscard]] const small_disk& postgres_disk() const { return *disks_.front(); }
    [[nodiscard]] const small_disk& broker_disk(std::size_t which) const {
        return *disks_.at(1 + which);
    }
    [[nodiscard]] const std::string& folder() const noexcept { return options_.folder; }

    [[nodiscard]] std::vector<tenant_key> make_tenants(int count);
    [[nodiscard]] bool all_ready();
    // Runs ndctl with this system's addresses; its output. Throws when it fails.
    std::string ndctl(const std::string& arguments) const;

    // Programs that ended by themselves: with a status, and by a signal (a crash).
    [[nodiscard]] std::size_t exits() const noexcept { return exits_; }
    [[nodiscard]] std::size_t crashes() const noexcept { return crashes_; }
    // How the supervisor itself failed, if it did.
    [[nodiscard]] std::optional<std::string> problem() const;

  private:
    void make_disks();
    void make_postgres();
    void prepare();
    void add_program(const std::string& name, const std::string& client,
                     const std::map<std::string, std::string>& more);
    void supervise();
    void look_after(program& one);
    void look_after_servers();

    const world_options options_;
    timeline& told_;
    std::vector<std::unique_ptr<small_disk>> disks_;  // Postgres's, then the brokers'
    tcp_proxy proxy_;
    std::unique_ptr<kafka_nodes> kafka_;
    std::unique_ptr<postgres_server> postgres_;
    std::optional<tcp_proxy::link> client_link_;
    std::vector<std::unique_ptr<program>> programs_;
    std::mutex postgres_lock_;
    std::mutex kafka_lock_;
    std::atomic<std::size_t> exits_ = 0;
    std::atomic<std::size_t> crashes_ = 0;
    mutable std::mutex problem_mutex_;
    std::optional<std::string> problem_;
    std::atomic<bool> ending_ = false;
    std::thread supervisor_;
};

}  // namespace nd::tests
