#include "base/kafka_conf.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>

namespace nd::base {
namespace {

// syslog levels 0-3 are errors, 4 warnings, 5-6 notices and infos, 7 debug. A broker that is away
// logs on each try: those lines are warnings for an operator who already sees /readyz.
void log_line(const rd_kafka_t*, int severity, const char* facility, const char* text) {
    const auto lvl = severity <= 2   ? log::level::error
                     : severity <= 4 ? log::level::warning
                     : severity <= 6 ? log::level::info
                                     : log::level::debug;
    log::write(lvl, "kafka client", {{"facility", facility}, {"text", text}});
}

// Values may be secrets: only names and line numbers go into messages.
result<> take_properties(kafka_conf& conf, const std::string& path) {
    std::ifstream file(path);
    if (!file)
        return failure(errc::invalid, fmt::format("--kafka-config {}: cannot be read", path));
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (line.empty() || line.front() == '#') continue;
        const auto equals = line.find('=');
        if (equals == std::string::npos) {
            return failure(errc::invalid, fmt::format("--kafka-config {} line {}: write name=value",
                                                      path, number));
        }
        if (auto done = conf.set(line.substr(0, equals), line.substr(equals + 1)); !done) {
            return failure(errc::invalid,
                           fmt::format("--kafka-config {} line {}: property {} is refused", path,
                                       number, line.substr(0, equals)));
        }
    }
    return {};
}

}  // namespace

result<> kafka_conf::set(const std::string& name, const std::string& value) {
    std::array<char, 512> reason{};
    const auto code =
        rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), reason.data(), reason.size());
    if (code == RD_KAFKA_CONF_OK) return {};
    return failure(errc::invalid, fmt::format("Kafka setting {}: {}", name, reason.data()));
}

result<> kafka_conf::set_all(
    std::initializer_list<std::pair<const char*, std::string>> properties) {
    for (const auto& [name, value] : properties) {
        if (auto done = set(name, value); !done) return done;
    }
    return {};
}

result<kafka_handle> kafka_conf::make(rd_kafka_type_t type) {
    std::array<char, 512> reason{};
    kafka_handle made(rd_kafka_new(type, conf_.get(), reason.data(), reason.size()));
    if (!made) return failure(errc::invalid, fmt::format("Kafka client: {}", reason.data()));
    static_cast<void>(conf_.release());  // rd_kafka_new owns it now
    return made;
}

void add_kafka_settings(config_reader& reader, kafka_settings& settings) {
    reader
        .text(settings.bootstrap, "kafka", "ND_KAFKA",
              "Kafka bootstrap servers: host:port,host:port")
        .required();
    reader
        .text(settings.properties_file, "kafka-config", "ND_KAFKA_CONFIG",
              "file of librdkafka properties, name=value lines: security.protocol, sasl.*, ssl.*")
        .readable_file();
    reader.boolean(settings.single_broker, "single-broker", "ND_SINGLE_BROKER",
                   "accept one broker without replicas: not safe against losing its disk");
}

result<kafka_conf> common_kafka_conf(const kafka_settings& settings, const std::string& client_id) {
    kafka_conf conf;
    rd_kafka_conf_set_log_cb(conf.get(), log_line);
    auto done = conf.set_all({
        {"bootstrap.servers", settings.bootstrap},
        {"client.id", client_id},
        {"log.connection.close", "false"},
        {"reconnect.backoff.ms", "100"},
        {"reconnect.backoff.max.ms", "2000"},
    });
    if (done && !settings.properties_file.empty())
        done = take_properties(conf, settings.properties_file);
    if (!done) return done.error();
    return conf;
}

errc to_errc(rd_kafka_resp_err_t code) {
    switch (code) {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return errc::ok;
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: return errc::busy;
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_INVALID_MSG:
        case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT: return errc::refused;
        case RD_KAFKA_RESP_ERR__FATAL: return errc::internal;
        default: return errc::unavailable;
    }
}

}  // namespace nd::base
