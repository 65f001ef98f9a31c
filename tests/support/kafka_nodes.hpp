// One Kafka broker, or three that replicate to each other (KRaft), of one test's own. Besides the
// listener for tools each has one listener per client, which it advertises through that client's
// own proxy links: so a test can cut one client off. Needs ND_TEST_JAVA, ND_TEST_KAFKA_JARS and
// ND_TEST_KAFKA_PROPERTIES, which ./dev sets. Throws std::runtime_error when something cannot be.
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/tcp_proxy.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nd::tests {

class kafka_nodes {
  public:
    // Formatted, not started yet. `data`: a folder for the records of each node, `folder`: for all
    // else. `clients`: upper case names, one listener each.
    kafka_nodes(const std::string& folder, const std::vector<std::string>& data,
                const std::vector<std::string>& clients, tcp_proxy& proxy);

    void start_all();
    void start(std::size_t node);          // returns once it answers
    void wait_until_up(std::size_t node);  // for one that was started through node()
    [[nodiscard]] process& node(std::size_t which) { return *nodes_.at(which).server; }
    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

    [[nodiscard]] std::string bootstrap() const;                           // for tools, direct
    [[nodiscard]] std::string bootstrap(const std::string& client) const;  // through its links
    [[nodiscard]] std::vector<tcp_proxy::link>& links(const std::string& client) {
        return links_.at(client);
    }
    // The node that leads this partition now; the first one when nobody says.
    [[nodiscard]] std::size_t leader_of(const std::string& topic, int partition) const;

  private:
    struct one_node {
        std::string folder;
        std::string data;
        std::uint16_t port = 0;
        std::uint16_t controller = 0;
        std::map<std::string, std::uint16_t> listeners;
        std::unique_ptr<process> server;
    };
    void choose_ports(const std::vector<std::string>& clients, tcp_proxy& proxy);
    void write_properties(std::size_t which) const;
    void format(const one_node& node, const std::string& cluster) const;
    std::vector<one_node> nodes_;
    std::map<std::string, std::vector<tcp_proxy::link>> links_;
};

}  // namespace nd::tests
