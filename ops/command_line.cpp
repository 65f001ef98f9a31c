#include "ops/command_line.hpp"

#include "base/log.hpp"
#include "base/parse_number.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

namespace nd::ops {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 fine, 1 a finding or a failure, 2 usage, 3 Kafka or Postgres unreachable.\n"
    "Strength: flag, then [ENVIRONMENT VARIABLE], then the --config file. The flags of ndctl "
    "itself may stand anywhere.";

// The deepest command that was named: its help is the one that explains the mistake.
const CLI::App& named(const CLI::App& app) {
    const auto below = app.get_subcommands();
    return below.empty() ? app : named(*below.front());
}

std::string words(const CLI::App& app) {
    const auto* parent = app.get_parent();
    return parent == nullptr ? app.get_name() : words(*parent) + " " + app.get_name();
}

// CLI11 only says that a command is required, also when one was named that does not exist.
std::string without_command(const CLI::App& at, const std::vector<std::string>& left) {
    std::string known;
    for (const auto* below : at.get_subcommands([](const CLI::App*) { return true; })) {
        known += (known.empty() ? "" : ", ") + below->get_name();
    }
    if (left.empty()) return fmt::format("a command is missing: {}", known);
    return fmt::format("there is no command \"{}\", but {}", left.front(), known);
}

void refuse_options_of(const CLI::App& word) {
    for (const auto* option : word.get_options()) {
        if (option->count() > 0) throw CLI::ExtrasError({option->get_name()});
    }
}

base::log::level level_of(const std::string& name) {
    if (name == "debug") return base::log::level::debug;
    if (name == "info") return base::log::level::info;
    return name == "warning" ? base::log::level::warning : base::log::level::error;
}

}  // namespace

void command::text(std::string& into, const std::string& name, const std::string& help, needed is) {
    app_->add_option(name, into, help)
        ->required(is == needed::yes)
        ->option_text(" ")
        ->check([](const std::string& text) {
            return text.empty() ? std::string("it is empty: give a value, or leave it out")
                                : std::string();
        });
}

void command::text(std::string& into, bool& given, const std::string& name,
                   const std::string& help) {
    app_->add_option(name, into, help)->option_text(" ")->each([&given](const std::string&) {
        given = true;
    });
}

void command::texts(std::vector<std::string>& into, const std::string& name,
                    const std::string& help, needed is) {
    app_->add_option(name, into, help)->required(is == needed::yes)->option_text(" ");
}

void command::number(std::int64_t& into, std::int64_t lowest, std::int64_t highest,
                     const std::string& name, const std::string& help, needed is) {
    app_->add_option(name, into, help)
        ->required(is == needed::yes)
        ->option_text(" ")
        ->check([lowest, highest](const std::string& text) {
            const auto value = base::parse_number<std::int64_t>(text);
            return value && *value >= lowest && *value <= highest
                       ? std::string()
                       : fmt::format("\"{}\" is not a whole number from {} to {}", text, lowest,
                                     highest);
        });
}

void command::flag(bool& into, const std::string& name, const std::string& help) {
    app_->add_flag(name, into, help);
}

void command::not_both(const std::string& one, const std::string& other) {
    app_->get_option(one)->excludes(app_->get_option(other));
}

command_line::command_line()
    : app_(std::make_unique<CLI::App>(
          "ndctl: the operator's tool of the event pipeline. ndctl COMMAND --help says more.",
          "ndctl")) {
    app_->fallthrough();  // so that --json and the settings may also stand after the command
    app_->require_subcommand(1);
    app_->set_version_flag("--version", "ndctl " ND_VERSION);
    app_->add_option("--config", file_, "TOML or INI file with the names of the flags below")
        ->option_text(" ");
    app_->footer(exit_codes);
    app_->add_flag("--json", settings_.json, "answer with one line of JSON");
    app_->add_option("--log-level", settings_.log_level,
                     "debug, info, warning or error, \"error\" if not said [ND_LOG_LEVEL]")
        ->envname("ND_LOG_LEVEL")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
        ->option_text(" ");
    for (const auto& name : setting_names) {
        app_->add_option(std::string(name.flag), settings_.*name.value,
                         fmt::format("{} [{}]", name.help, name.env))
            ->envname(std::string(name.env))
            ->option_text(" ");
    }
    app_->add_flag("--single-broker", settings_.single_broker,
                   "accept topics with one replica: not safe against losing that broker's disk "
                   "[ND_SINGLE_BROKER]")
        ->envname("ND_SINGLE_BROKER")
        ->option_text(" ");
}

command_line::~command_line() = default;

void command_line::group(const std::string& word, const std::string& summary) {
    app_->add_subcommand(word, summary)->require_subcommand(1);
}

command command_line::add(const std::string& words, const std::string& summary, action run) {
    const auto space = words.find(' ');
    auto& parent =
        space == std::string::npos ? *app_ : *app_->get_subcommand(words.substr(0, space));
    auto* made = parent.add_subcommand(space == std::string::npos ? words : words.substr(space + 1),
                                       summary);
    made->callback([this, made, &parent, run = std::move(run)] {
        // A word with words below it is meant only when none of those was said; then its options
        // would be taken and do nothing.
        if (!made->get_subcommands().empty()) return;
        if (&parent != app_.get()) refuse_options_of(parent);
        chosen_ = run;
    });
    return command(*made);
}

command_line::outcome command_line::run(const std::vector<std::string>& arguments) {
    auto reversed = arguments;  // what CLI11 wants
    std::reverse(reversed.begin(), reversed.end());
    // Asked for before anything else can fail, so that a mistake in the command line is JSON too.
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    try {
        app_->parse(reversed);
    } catch (const CLI::Success& asked) {
        std::ostringstream out;
        std::ostringstream err;
        app_->exit(asked, out, err);
        return {out.str(), err.str(), exit_status::fine};
    } catch (const CLI::ParseError& mistake) {
        const auto& at = named(*app_);
        const bool no_command = mistake.get_name() == "RequiredError" &&
                                !at.get_subcommands([](const CLI::App*) { return true; }).empty();
        const auto detail = fmt::format(
            "{} (see {} --help)",
            no_command ? without_command(at, app_->remaining(true)) : mistake.what(), words(at));
        const auto text = rendered(base::failure(base::errc::invalid, detail), json);
        return {json ? text : "", json ? "" : text, exit_status::usage};
    }
    return perform();
}

// CLI11's own reading of a file is stronger than the environment. The file may be nd-ingest's:
// names of others are passed over.
base::result<> command_line::read_file() {
    if (file_.empty()) return {};
    std::vector<CLI::ConfigItem> items;
    try {
        items = CLI::ConfigTOML().from_file(file_);
    } catch (const CLI::Error& problem) {
        return base::failure(base::errc::invalid,
                             fmt::format("--config {}: {}", file_, problem.what()));
    }
    for (const auto& item : items) {
        if (!item.parents.empty() || item.inputs.empty()) continue;
        const auto& value = item.inputs.front();
        for (const auto& name : setting_names) {
            const std::string flag(name.flag);
            if (flag == "--" + item.name && app_->get_option(flag)->count() == 0)
                settings_.*name.value = value;
        }
        const bool single =
            item.name == "single-broker" && app_->get_option("--single-broker")->count() == 0;
        if (single) settings_.single_broker = value == "true" || value == "1";
    }
    return {};
}

command_line::outcome command_line::perform() {
    if (auto read = read_file(); !read) {
        const auto text = rendered(read.error(), settings_.json);
        return {settings_.json ? text : "", settings_.json ? "" : text, exit_status::usage};
    }
    base::log::start("ndctl", level_of(settings_.log_level), base::log::format::text);
    const auto said = chosen_(settings_);
    if (said.has_value()) return {rendered(*said, settings_.json), "", said->status};
    auto text = rendered(said.error(), settings_.json);
    const auto status = to_exit_status(said.error().code);
    return settings_.json ? outcome{std::move(text), "", status}
                          : outcome{"", std::move(text), status};
}

command_line::outcome run_ndctl(const std::vector<std::string>& arguments) {
    command_line line;
    add_migrate(line);
    add_partitions(line);
    add_topics(line);
    add_tenant(line);
    add_key(line);
    add_limits(line);
    add_replay(line);
    add_import(line);
    add_receipt(line);
    add_erase(line);
    add_dead(line);
    add_audit(line);
    add_schema(line);
    add_doctor(line);
    return line.run(arguments);
}

}  // namespace nd::ops
