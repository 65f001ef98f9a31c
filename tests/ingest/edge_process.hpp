// The real nd-ingest as a child process, with a database of its own and a Kafka that is given. Used
// by the contract tests.
//   ND_TEST_BIN    folder of the programs       ND_TEST_KAFKA  bootstrap servers of a real broker
// Throws std::runtime_error when something that a test needs is not there.
#pragma once

#include "tests/ingest/raw_client.hpp"
#include "tests/ingest/sample_request.hpp"
#include "tests/pg/database.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace nd::tests {

using variables = std::map<std::string, std::string>;

// A folder under /tmp that goes with the object.
class scratch_folder {
  public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

[[nodiscard]] std::string required(const char* variable);

struct new_key {
    std::string tenant;
    std::string key;
    std::string id;
};

class edge_process {
  public:
    static inline const std::string pepper = std::string(64, 'p');

    // `more` goes into the child's environment, over what this sets. Waits until it is ready unless
    // told not to.
    explicit edge_process(const variables& more = {}, bool wait_ready = true);
    ~edge_process();
    edge_process(const edge_process&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::uint16_t admin_port() const { return admin_port_; }
    [[nodiscard]] raw_client connect(bool tls = false) const { return raw_client(port_, tls); }
    // One request over a connection of its own.
    [[nodiscard]] http_answer ask(const request& what) const;
    [[nodiscard]] http_answer admin(const std::string& path) const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] const test_database& database() const { return database_; }

    // A tenant of its own with a limit that no test reaches, and a key. `flags`: of `ndctl key
    // create`.
    [[nodiscard]] new_key make_key(const std::string& flags = "", unsigned per_minute = 6000);
    // The same when the process has heard of it: it is known as soon as LISTEN has told.
    [[nodiscard]] new_key known_key(const std::string& flags = "");
    std::string ndctl(const std::string& arguments) const;

    void signal(int number) const;
    // The exit status; throws when it does not end within `longest`.
    [[nodiscard]] int wait_exit(std::chrono::milliseconds longest = std::chrono::seconds(40));

  private:
    void launch();
    void wait_until_listening(bool ready);

    scratch_folder folder_;
    test_database database_;
    variables environment_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
    std::uint16_t admin_port_ = 0;
};

// The process that most tests share; started by the first that asks.
[[nodiscard]] edge_process& shared_edge();
// Its key without limits worth a name.
[[nodiscard]] const new_key& shared_key();

}  // namespace nd::tests
