// One program's settings: flags, then ND_ environment variables, then a TOML/INI file, then the
// default. Called by main only. It reports every problem at once, in the words of the flag, and
// never prints the value of a secret.
//
//     config_reader reader("nd-writer", "Writes events from Kafka into Postgres.");
//     reader.text(settings.kafka, "kafka", "ND_KAFKA", "Kafka bootstrap servers,
//     host:port,...").required(); auto outcome = reader.read(argc, argv);          // --help and
//     --version print and say to exit 0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace nd::base {

class config_item {
  public:
    config_item& required();  // absent or empty is a problem
    config_item& secret();    // its value is never repeated
    config_item& check(std::function<std::string(const std::string&)> problem);  // "" = fine
    config_item& readable_file();

  private:
    friend class config_reader;
    std::string flag_;
    std::string env_;
    std::string given_;  // as typed, empty = absent
    bool set_flag_ = false;
    bool is_required_ = false;
    bool is_secret_ = false;
    std::vector<std::function<std::string(const std::string&)>> checks_;
    std::function<std::string(const std::string&)> assign_;
};

class config_reader {
  public:
    config_reader(std::string program, std::string what_it_is);
    ~config_reader();

    // The target holds the default when called. `flag` without dashes, lower case with dashes.
    config_item& text(std::string& target, const std::string& flag, const std::string& env,
                      const std::string& help);
    config_item& number(std::int64_t& target, std::int64_t lowest, std::int64_t highest,
                        const std::string& flag, const std::string& env, const std::string& help);
    config_item& boolean(bool& target, const std::string& flag, const std::string& env,
                         const std::string& help);

    // What no setting has wrong by itself: asked last, when every target is set. "" = fine.
    void also(std::function<std::string()> problem);

    // true: go on. false: --help or --version was printed. Errors: errc::invalid, `detail` has one
    // line per problem.
    [[nodiscard]] result<bool> read(int argc, const char* const* argv);

  private:
    config_item& add(const std::string& flag, const std::string& env, const std::string& help,
                     const std::string& shown_default);
    void take_file(std::vector<std::string>& problems);
    [[nodiscard]] std::vector<std::string> judge();

    std::unique_ptr<CLI::App> app_;
    std::string program_;
    std::string file_;
    std::vector<std::unique_ptr<config_item>> items_;
    std::vector<std::function<std::string()>> also_;
};

// --log-level and --log-format, the same in every program; starts the log when read() succeeded.
struct log_settings {
    std::string level = "info";
    std::string format = "text";
};
void add_log_settings(config_reader& reader, log_settings& settings);
void start_log(std::string_view program, const log_settings& settings);

// host:port -> its parts; [::1]:80 too. errc::invalid names what is wrong.
struct host_port {
    std::string host;
    std::uint16_t port = 0;
};
[[nodiscard]] result<host_port> parse_host_port(std::string_view text);

// postgresql://user:secret@host/db?more -> postgresql://user:***@host/db?..., for logs and
// messages;
// "(a database URL)" for what is written in another way, as nobody knows where its secret ends.
[[nodiscard]] std::string without_password(std::string_view url);

}  // namespace nd::base
