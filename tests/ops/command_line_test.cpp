// The command line alone: nothing here reaches a server.
#include "ops/command_line.hpp"

#include "ops/role_setup.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace nd;
using ops::exit_status;

namespace {

struct variable {
    const char* name;
    variable(const char* n, const char* value) : name(n) { ::setenv(n, value, 1); }
    ~variable() { ::unsetenv(name); }
};

// What tests of ndctl may inherit from the shell that runs them.
struct no_variables {
    no_variables() {
        for (const auto& name : ops::setting_names)
            ::unsetenv(std::string(name.env).c_str());
        ::unsetenv("ND_SINGLE_BROKER");
    }
};

// The command `probe` answers with one setting.
std::string kafka_seen(const std::vector<std::string>& arguments) {
    ops::command_line line;
    line.add("probe", "", [](const ops::settings& from) -> base::result<ops::report> {
        return ops::report{{{"kafka", from.kafka}},
                           from.kafka + (from.single_broker ? " single" : ""),
                           exit_status::fine};
    });
    return line.run(arguments).out;
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a flag is stronger than the environment, which is stronger than the file") {
    const no_variables clean;
    const auto file =
        std::filesystem::temp_directory_path() / ("ndctl_" + std::to_string(::getpid()) + ".toml");
    std::ofstream(file) << "kafka = \"file:1\"\nlisten = \"nd-ingest's own\"\n";
    CHECK(kafka_seen({"--config", file, "probe"}) == "file:1\n");
    const variable env("ND_KAFKA", "env:1");
    CHECK(kafka_seen({"--config", file, "probe"}) == "env:1\n");
    CHECK(kafka_seen({"--config", file, "probe", "--kafka", "flag:1"}) == "flag:1\n");
    CHECK(kafka_seen({"--kafka", "flag:2", "probe"}) == "flag:2\n");
    const variable single("ND_SINGLE_BROKER", "1");
    CHECK(kafka_seen({"probe"}) == "env:1 single\n");
    std::ofstream(file) << "single-broker = true\n";
    ::unsetenv("ND_SINGLE_BROKER");
    CHECK(kafka_seen({"--config", file, "probe"}) == "env:1 single\n");
    std::filesystem::remove(file);
    const auto absent = ops::run_ndctl({"--config", file, "doctor"});
    CHECK(absent.status == exit_status::usage);
    CHECK(says(absent.err, "--config " + file.string()));
}

TEST_CASE("a flag whose value is empty is refused, not taken for one that was left out") {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"dead", "drop", "--reason", "postgres_22", "--tenant", ""},
          {"dead", "replay", "--reason", ""},
          {"replay", "--tenant", ""},
          {"replay", "--from", ""},
          {"audit", "--tenant", ""}}) {
        const auto outcome = ops::run_ndctl(arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.status == exit_status::usage);
        CHECK(says(outcome.err, arguments.end()[-2] + ": it is empty"));
    }
}

TEST_CASE("a word that is no command is named together with the commands there are, and exits 2") {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"bogus"}, {"tenant", "bogus"}, {}, {"tenant"}}) {
        const auto outcome = ops::run_ndctl(arguments);
        CHECK(outcome.status == exit_status::usage);
        CHECK(outcome.out.empty());
        CHECK(says(outcome.err, arguments.empty() || arguments[0] == "bogus"
                                    ? "migrate, partitions, topics"
                                    : "create, list, suspend"));
        if (!arguments.empty() && arguments.back() == "bogus")
            CHECK(says(outcome.err, "\"bogus\""));
    }
}

TEST_CASE("every mistake on the command line is JSON too when JSON was asked for") {
    const auto outcome = ops::run_ndctl(
        {"limits", "set", "--tenant", "x", "--class", "events", "--per-minute", "6001", "--json"});
    CHECK(outcome.status == exit_status::usage);
    CHECK(outcome.err.empty());
    CHECK(
        outcome.out.starts_with("{\"error\":{\"code\":\"invalid\",\"detail\":\"--per-minute: "
                                "\\\"6001\\\" is not a whole number from 1 to 6000"));
}

TEST_CASE("limits outside 1 to 6000, a missing tenant and an unknown flag are usage errors") {
    const std::pair<std::vector<std::string>, const char*> table[] = {
        {{"limits", "set", "--tenant", "x", "--class", "events", "--per-minute", "0"},
         "from 1 to 6000"},
        {{"limits", "set", "--tenant", "x", "--class", "events", "--per-minute", "6001"},
         "from 1 to 6000"},
        {{"limits", "set", "--tenant", "x", "--class", "events", "--per-minute", "1e3"},
         "from 1 to 6000"},
        {{"limits", "set", "--tenant", "x", "--class", "evnts", "--per-minute", "1"},
         "\"evnts\" is no limit class"},
        {{"key", "create"}, "--tenant is required"},
        {{"key", "rotate", "abc", "--tenant", "x"}, "\"abc\" is not a whole number"},
        {{"migrate", "--frobnicate"}, "--frobnicate"},
        {{"migrate", "--roles", "--status"}, "--roles"},
        {{"tenant", "create", "--count", "0"}, "whole number from 1"},
        {{"--log-level", "loud", "doctor"}, "--log-level"},
    };
    for (const auto& [arguments, part] : table) {
        const auto outcome = ops::run_ndctl(arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.status == exit_status::usage);
        CHECK(says(outcome.err, part));
    }
}

TEST_CASE("a missing variable is named with the flag that would give it, all of them at once") {
    const no_variables clean;
    const std::pair<std::vector<std::string>, std::vector<const char*>> table[] = {
        {{"migrate"}, {"ND_MIGRATE_DATABASE_URL is not set (or give --migrate-database-url)"}},
        {{"migrate", "--roles"}, {"ND_ADMIN_DATABASE_URL", "ND_MIGRATE_DATABASE_URL"}},
        {{"partitions"}, {"ND_MIGRATE_DATABASE_URL"}},
        {{"topics"}, {"ND_KAFKA"}},
        {{"tenant", "list"}, {"ND_OPERATOR_DATABASE_URL"}},
        {{"key", "create", "--tenant", "x"}, {"ND_KEY_PEPPER_FILE"}},
    };
    for (const auto& [arguments, parts] : table) {
        const auto outcome = ops::run_ndctl(arguments);
        CHECK(outcome.status == exit_status::usage);
        for (const auto* part : parts)
            CHECK(says(outcome.err, part));
    }
}

TEST_CASE(
    "a database that is not there exits 3, names the variable and does not repeat its password") {
    const no_variables clean;
    const auto outcome = ops::run_ndctl({"tenant", "list", "--operator-database-url",
                                         "postgresql://nd_operator:hunter2@127.0.0.1:1/nd"});
    CHECK(outcome.status == exit_status::unreachable);
    CHECK(says(outcome.err,
               "ND_OPERATOR_DATABASE_URL (postgresql://nd_operator:***@127.0.0.1:1/nd)"));
    CHECK_FALSE(says(outcome.err, "hunter2"));
    const auto wrong = ops::run_ndctl(
        {"tenant", "list", "--operator-database-url", "postgresql://u:hunter2@[broken/nd"});
    CHECK(wrong.status == exit_status::usage);
    CHECK_FALSE(says(wrong.err, "hunter2"));
}

TEST_CASE("help lists every command with its settings and exits 0") {
    const auto help = ops::run_ndctl({"--help"});
    CHECK(help.status == exit_status::fine);
    for (const auto& name : ops::setting_names) {
        CHECK(says(help.out, std::string(name.flag)));
        CHECK(says(help.out, "[" + std::string(name.env) + "]"));
    }
    for (const auto* command :
         {"migrate", "partitions", "topics", "tenant", "key", "limits", "doctor"})
        CHECK(says(help.out, command));
    CHECK(says(ops::run_ndctl({"key", "rotate", "--help"}).out, "--grace"));
    CHECK(ops::run_ndctl({"--version"}).out.starts_with("ndctl "));
}

TEST_CASE(
    "passwords are planned for the roles that the URLs carry one for, and never for another role") {
    ops::settings from;
    from.writer_url = "postgresql://nd_writer:s%20crt@h/d";
    from.ingest_url = "postgresql://nd_ingest@h/d";
    const auto planned = ops::planned_passwords(from);
    REQUIRE(planned.has_value());
    REQUIRE(planned->size() == 1);
    CHECK(planned->front().role == "nd_writer");
    CHECK(planned->front().password == "s crt");
    from.reader_url = "postgresql://postgres:hunter2@h/d";
    from.operator_url = "mysql://u:hunter2@h/d";
    const auto refused = ops::planned_passwords(from);
    REQUIRE(refused.has_error());
    CHECK(says(refused.error().detail,
               "ND_READER_DATABASE_URL logs in as \"postgres\", not as nd_reader"));
    CHECK(says(refused.error().detail, "ND_OPERATOR_DATABASE_URL is not a Postgres URL"));
    CHECK_FALSE(says(refused.error().detail, "hunter2"));
}
