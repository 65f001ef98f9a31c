#include "tests/support/kafka_nodes.hpp"

#include "base/kafka_conf.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/stack.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0')
        throw std::runtime_error(std::string(name) + " is not set: run this with ./dev");
    return value;
}

std::vector<std::string> java(std::initializer_list<const char*> more) {
    std::vector<std::string> words{variable("ND_TEST_JAVA"),
                                   "-XX:-UsePerfData",
                                   "-Djava.awt.headless=true",
                                   "-Dorg.slf4j.simpleLogger.showDateTime=true",
                                   "-XX:TieredStopAtLevel=1",
                                   "-cp",
                                   variable("ND_TEST_KAFKA_JARS") + "/*"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
    for (const auto& [word, value] : values) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at))
            text.replace(at, word.size(), value);
    }
    return text;
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error("cannot read " + path);
    return text.str();
}

base::kafka_handle client_of(const std::string& bootstrap) {
    auto conf = base::common_kafka_conf({bootstrap, "", true}, "nd-faults").value();
    // A broker that is away is what these tests are about.
    conf.set("log_level", "0").value();
    return conf.make(RD_KAFKA_PRODUCER).value();
}

}  // namespace

kafka_nodes::kafka_nodes(const std::string& folder, const std::vector<std::string>& data,
                         const std::vector<std::string>& clients, tcp_proxy& proxy)
    : nodes_(data.size()) {
    choose_ports(clients, proxy);
    std::string cluster = output_of("head -c 16 /dev/urandom | base64 | tr '+/' AB | tr -d =");
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        auto& node = nodes_[i];
        node.folder = fmt::format("{}/{}", folder, i + 1);
        node.data = data[i];
        std::filesystem::create_directories(node.folder);
        write_properties(i);
        format(node, cluster);
        auto words = java({"-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "kafka.Kafka"});
        words.push_back(node.folder + "/server.properties");
        node.server = std::make_unique<process>(
            process::command{words, {}, node.folder + "/log", node.folder});
    }
}

void kafka_nodes::choose_ports(const std::vector<std::string>& clients, tcp_proxy& proxy) {
    for (auto& node : nodes_) {
        node.port = server_port();
        node.controller = server_port();
        for (const auto& client : clients) {
            node.listeners[client] = server_port();
            links_[client].push_back(proxy.add(node.listeners[client]));
        }
    }
}

void kafka_nodes::write_properties(std::size_t which) const {
    const auto& node = nodes_[which];
    std::vector<std::string> voters;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        voters.push_back(fmt::format("{}@127.0.0.1:{}", i + 1, nodes_[i].controller));
    auto listeners = fmt::format("PLAINTEXT://127.0.0.1:{}", node.port);
    auto advertised = listeners;
    std::string protocols = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT";
    for (const auto& [client, port] : node.listeners) {
        listeners += fmt::format(",{}://127.0.0.1:{}", client, port);
        advertised += fmt::format(",{}://127.0.0.1:{}", client, links_.at(client).at(which).port());
        protocols += fmt::format(",{}:PLAINTEXT", client);
    }
    const auto replicas = std::min<std::size_t>(3, nodes_.size());
    // What is said later wins.
    std::ofstream(node.folder + "/server.properties")
        << filled(contents(variable("ND_TEST_KAFKA_PROPERTIES")),
                  {{"@DATA@", node.data},
                   {"@PORT@", fmt::to_string(node.port)},
                   {"@CONTROLLER@", fmt::to_string(node.controller)}})
        << fmt::format(
               "\nnode.id={}\nlisteners={},CONTROLLER://127.0.0.1:{}\nadvertised.listeners={}\n"
               "listener.security.protocol.map={}\ncontroller.quorum.voters={}\n"
               "offsets.topic.replication.factor={}\ntransaction.state.log.replication.factor={}\n"
               "share.coordinator.state.topic.replication.factor={}\nlog.segment.bytes=16777216\n"
               "broker.session.timeout.ms=5000\nbroker.heartbeat.interval.ms=1000\n",
               which + 1, listeners, node.controller, advertised, protocols, fmt::join(voters, ","),
               replicas, replicas, replicas);
}

void kafka_nodes::format(const one_node& node, const std::string& cluster) const {
    std::string command;
    for (const auto& word : java({"-Xmx128m", "kafka.tools.StorageTool", "format", "-t"}))
        command += "'" + word + "' ";
    output_of(
        fmt::format("{}{} -c '{}/server.properties' </dev/null", command, cluster, node.folder));
}

void kafka_nodes::start_all() {
    for (auto& node : nodes_)
        node.server->start();
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        wait_until_up(i);
}

void kafka_nodes::start(std::size_t node) {
    nodes_.at(node).server->start();
    wait_until_up(node);
}

void kafka_nodes::wait_until_up(std::size_t which) {
    auto& node = nodes_.at(which);
    const auto client = client_of(fmt::format("127.0.0.1:{}", node.port));
    const bool up = eventually(300s, [&] {
        if (!node.server->runs())
            throw std::runtime_error("a broker ended at its start: " + node.server->log_end(500));
        const rd_kafka_metadata_t* answer = nullptr;
        const auto code = rd_kafka_metadata(client.get(), 0, nullptr, &answer, 2000);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
        rd_kafka_metadata_destroy(answer);
        return true;
    });
    if (!up) throw std::runtime_error("a broker does not answer: " + node.server->log_end(500));
}

std::string kafka_nodes::bootstrap() const {
    std::vector<std::string> all;
    for (const auto& node : nodes_)
        all.push_back(fmt::format("127.0.0.1:{}", node.port));
    return fmt::format("{}", fmt::join(all, ","));
}

std::string kafka_nodes::bootstrap(const std::string& client) const {
    std::vector<std::string> all;
    for (const auto& one : links_.at(client))
        all.push_back(fmt::format("127.0.0.1:{}", one.port()));
    return fmt::format("{}", fmt::join(all, ","));
}

std::size_t kafka_nodes::leader_of(const std::string& topic, int partition) const {
    const auto client = client_of(bootstrap());
    const rd_kafka_metadata_t* answer = nullptr;
    if (rd_kafka_metadata(client.get(), 1, nullptr, &answer, 3000) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    const std::unique_ptr<const rd_kafka_metadata_t, void (*)(const rd_kafka_metadata_t*)> owned(
        answer, rd_kafka_metadata_destroy);
    for (int t = 0; t < answer->topic_cnt; ++t) {
        if (answer->topics[t].topic != topic || answer->topics[t].partition_cnt <= partition)
            continue;
        const auto leader = answer->topics[t].partitions[partition].leader;
        if (leader >= 1 && static_cast<std::size_t>(leader) <= nodes_.size())
            return static_cast<std::size_t>(leader) - 1;
    }
    return 0;
}

}  // namespace nd::tests
