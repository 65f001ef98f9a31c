// The table of ndctl's commands: reads the command line, the environment and the file, and runs the
// one command that was named. main and the tests call run_ndctl; each noun adds its own commands in
// its own file. Nothing here knows what a command does.
#pragma once

#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace nd::ops {

enum class needed { no, yes };

// One command's own options. A name with dashes is a flag, one without is the next word of the
// line. CLI11 stays behind this: its headers cost more than everything else that a command
// includes.
class command {
  public:
    explicit command(CLI::App& app) : app_(&app) {}

    // An empty text is refused: --tenant "$TENANT" must not mean all tenants where the shell's
    // variable is not set.
    void text(std::string& into, const std::string& name, const std::string& help,
              needed is = needed::no);
    // `given` says whether it was on the line, be it with an empty text.
    void text(std::string& into, bool& given, const std::string& name, const std::string& help);
    void texts(std::vector<std::string>& into, const std::string& name, const std::string& help,
               needed is = needed::no);
    void number(std::int64_t& into, std::int64_t lowest, std::int64_t highest,
                const std::string& name, const std::string& help, needed is = needed::no);
    void flag(bool& into, const std::string& name, const std::string& help);
    // Refuses a line that has both.
    void not_both(const std::string& one, const std::string& other);

  private:
    CLI::App* app_;
};

using action = std::function<base::result<report>(const settings&)>;

class command_line {
  public:
    command_line();
    ~command_line();

    // A command of one word, or of two ("tenant create"), the first of which was said with `group`,
    // or is a command itself.
    command add(const std::string& words, const std::string& summary, action run);
    void group(const std::string& word, const std::string& summary);

    struct outcome {
        std::string out;  // for stdout
        std::string err;  // for stderr
        exit_status status = exit_status::fine;
    };
    [[nodiscard]] outcome run(const std::vector<std::string>& arguments);

  private:
    [[nodiscard]] outcome perform();
    [[nodiscard]] base::result<> read_file();

    std::string file_;
    settings settings_;
    std::unique_ptr<CLI::App> app_;
    action chosen_;
};

// All of ndctl but the printing. `arguments` without the program's name.
[[nodiscard]] command_line::outcome run_ndctl(const std::vector<std::string>& arguments);

void add_migrate(command_line& line);
void add_partitions(command_line& line);
void add_topics(command_line& line);
void add_tenant(command_line& line);
void add_key(command_line& line);
void add_limits(command_line& line);
void add_replay(command_line& line);
void add_import(command_line& line);
void add_receipt(command_line& line);
void add_erase(command_line& line);
void add_dead(command_line& line);
void add_audit(command_line& line);
void add_schema(command_line& line);
void add_doctor(command_line& line);

}  // namespace nd::ops
