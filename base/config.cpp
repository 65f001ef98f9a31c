#include "base/config.hpp"

#include "base/log.hpp"
#include "base/parse_number.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <regex>
#include <system_error>

namespace nd::base {

config_item& config_item::required() {
    is_required_ = true;
    return *this;
}

config_item& config_item::secret() {
    is_secret_ = true;
    return *this;
}

config_item& config_item::check(std::function<std::string(const std::string&)> problem) {
    checks_.push_back(std::move(problem));
    return *this;
}

config_item& config_item::readable_file() {
    return check([](const std::string& path) -> std::string {
        std::ifstream file(path);
        // A folder can be opened, but nothing can be read from it.
        if (file && (file.peek(), !file.bad())) return {};
        return fmt::format("cannot be read: {}", std::generic_category().message(errno));
    });
}

config_reader::config_reader(std::string program, std::string what_it_is)
    : app_(std::make_unique<CLI::App>(std::move(what_it_is), program)),
      program_(std::move(program)) {
    app_->set_version_flag("--version", program_ + " " + ND_VERSION);
    app_->add_option("--config", file_, "TOML or INI file with the same names as the flags")
        ->type_name("FILE");
    app_->allow_extras();  // collected, so that they are reported with everything else
    app_->footer("Strength: flag, then environment, then file, then default.");
}

config_reader::~config_reader() = default;

config_item& config_reader::add(const std::string& flag, const std::string& env,
                                const std::string& help, const std::string& shown_default) {
    auto& item = *items_.emplace_back(std::make_unique<config_item>());
    item.flag_ = flag;
    item.env_ = env;
    const auto shown = shown_default.empty() ? help : help + " [" + shown_default + "]";
    auto* option = app_->add_option_function<std::string>(
        "--" + flag, [&item](const std::string& value) { item.given_ = value; }, shown);
    option->envname(env)->type_name("");
    return item;
}

config_item& config_reader::text(std::string& target, const std::string& flag,
                                 const std::string& env, const std::string& help) {
    auto& item = add(flag, env, help, target);
    item.set_flag_ = !target.empty();
    item.assign_ = [&target](const std::string& value) {
        target = value;
        return std::string();
    };
    return item;
}

config_item& config_reader::number(std::int64_t& target, std::int64_t lowest, std::int64_t highest,
                                   const std::string& flag, const std::string& env,
                                   const std::string& help) {
    auto& item = add(flag, env, help, std::to_string(target));
    item.set_flag_ = true;
    item.assign_ = [&target, lowest, highest](const std::string& value) {
        const auto parsed = parse_number<std::int64_t>(value);
        if (!parsed || *parsed < lowest || *parsed > highest) {
            return fmt::format("must be a whole number from {} to {}", lowest, highest);
        }
        target = *parsed;
        return std::string();
    };
    return item;
}

config_item& config_reader::boolean(bool& target, const std::string& flag, const std::string& env,
                                    const std::string& help) {
    auto& item = *items_.emplace_back(std::make_unique<config_item>());
    item.flag_ = flag;
    item.env_ = env;
    item.set_flag_ = true;
    auto* option = app_->add_flag_function(
        "--" + flag, [&item](std::int64_t count) { item.given_ = count > 0 ? "true" : "false"; },
        help);
    option->envname(env);
    item.assign_ = [&target](const std::string& value) {
        target = value == "true" || value == "1";
        return target || value == "false" || value == "0" ? std::string()
                                                          : std::string("must be true or false");
    };
    return item;
}

// CLI11 would let its file win over the environment, so the file is read here and fills only what
// is still empty.
void config_reader::take_file(std::vector<std::string>& problems) {
    if (file_.empty()) return;
    std::vector<CLI::ConfigItem> entries;
    try {
        entries = CLI::ConfigTOML().from_file(file_);
    } catch (const CLI::Error& e) {
        problems.push_back(fmt::format("--config {}: {}", file_, e.what()));
        return;
    }
    for (const auto& entry : entries) {
        const auto found = std::find_if(items_.begin(), items_.end(), [&](const auto& item) {
            return entry.parents.empty() && item->flag_ == entry.name;
        });
        if (found == items_.end() || entry.inputs.size() != 1) {
            problems.push_back(fmt::format("{} in {}: not known to {}, or not one value",
                                           entry.fullname(), file_, program_));
        } else if ((*found)->given_.empty()) {
            (*found)->given_ = entry.inputs.front();
        }
    }
}

std::vector<std::string> config_reader::judge() {
    std::vector<std::string> problems;
    take_file(problems);
    for (const auto& extra : app_->remaining()) {
        // Its value may be a secret: a URL with a password behind a flag that was mistyped.
        const auto shown =
            extra.starts_with("-") ? extra.substr(0, extra.find('=')) : "a word without a flag";
        problems.push_back(fmt::format("{}: not known to {} (see --help)", shown, program_));
    }
    for (const auto& item : items_) {
        const auto name = fmt::format("--{} ({})", item->flag_, item->env_);
        if (item->given_.empty()) {
            if (item->is_required_ && !item->set_flag_) problems.push_back(name + ": is required");
            continue;
        }
        auto problem = item->assign_(item->given_);
        for (const auto& check : item->checks_) {
            if (problem.empty()) problem = check(item->given_);
        }
        if (problem.empty()) continue;
        const auto shown =
            item->is_secret_ ? std::string() : fmt::format(" (got \"{}\")", item->given_);
        problems.push_back(fmt::format("{}: {}{}", name, problem, shown));
    }
    for (const auto& check : also_) {
        if (auto problem = check(); !problem.empty()) problems.push_back(std::move(problem));
    }
    return problems;
}

void config_reader::also(std::function<std::string()> problem) {
    also_.push_back(std::move(problem));
}

result<bool> config_reader::read(int argc, const char* const* argv) {
    try {
        app_->parse(argc, argv);
    } catch (const CLI::Success& success) {
        app_->exit(success);
        return false;
    } catch (const CLI::ParseError& e) {
        return failure(errc::invalid, e.what());
    }
    const auto problems = judge();
    if (problems.empty()) return true;
    return failure(errc::invalid, fmt::format("{}", fmt::join(problems, "\n")));
}

void add_log_settings(config_reader& reader, log_settings& settings) {
    const auto one_of = [](std::vector<std::string> allowed) {
        return [allowed = std::move(allowed)](const std::string& value) -> std::string {
            for (const auto& word : allowed) {
                if (word == value) return {};
            }
            return fmt::format("must be one of {}", fmt::join(allowed, ", "));
        };
    };
    reader.text(settings.level, "log-level", "ND_LOG_LEVEL", "debug, info, warning or error")
        .check(one_of({"debug", "info", "warning", "error"}));
    reader.text(settings.format, "log-format", "ND_LOG_FORMAT", "text or json")
        .check(one_of({"text", "json"}));
}

void start_log(std::string_view program, const log_settings& settings) {
    const auto lowest = settings.level == "debug"     ? log::level::debug
                        : settings.level == "warning" ? log::level::warning
                        : settings.level == "error"   ? log::level::error
                                                      : log::level::info;
    log::start(program, lowest, settings.format == "json" ? log::format::json : log::format::text);
}

result<host_port> parse_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return failure(errc::invalid, fmt::format("\"{}\" has no port: write host:port", text));
    }
    host_port parts{std::string(text.substr(0, colon)), 0};
    if (parts.host.size() > 1 && parts.host.front() == '[' && parts.host.back() == ']') {
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    }
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    if (parts.host.empty() || !port) {
        return failure(errc::invalid, fmt::format("\"{}\" is not host:port", text));
    }
    parts.port = *port;
    return parts;
}

// A password that was not escaped can hold @ : / ? and so look like any other part. Hence no search
// for the secret but a grammar of what may be shown, and whatever does not fit it stays hidden
// whole.
std::string without_password(std::string_view url) {
    static const std::regex form(
        R"((postgres(?:ql)?://))"
        R"((?:([\w.%-]*)(:[^@/?#\s]*)?@)?)"                                    // who
        R"(((?:[\w.%-]|\[[\da-fA-F:.]+\])*(?::\d+)?(?:,[\w.%-]+(?::\d+)?)*))"  // hosts
        R"((/[\w.-]*)?)"                                                       // the database
        R"((\?[^@]*)?)");                                                      // never shown
    std::cmatch part;
    if (!std::regex_match(url.begin(), url.end(), part, form)) return "(a database URL)";
    const std::string who =
        part[2].matched ? part[2].str() + (part[3].matched ? ":***@" : "@") : std::string();
    return part[1].str() + who + part[4].str() + part[5].str() + (part[6].matched ? "?..." : "");
}

}  // namespace nd::base
