#include "tests/ops/database_fixture.hpp"

#include <stdlib.h>

#include <fstream>
#include <set>
#include <stdexcept>

namespace nd::tests {
namespace fs = std::filesystem;

ops_database::ops_database() {
    std::string pattern = (fs::temp_directory_path() / "nd_ops_pg_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    folder_ = pattern;
    const auto pepper = folder_ / "pepper";
    std::ofstream(pepper) << "a pepper of the tests, 32 bytes and more";
    fs::permissions(pepper, fs::perms::owner_read | fs::perms::owner_write);
    settings.pepper_file = pepper;
    settings.migrate_url = database.url("nd_migrate");
    settings.operator_url = database.url("nd_operator");
    settings.ingest_url = database.url("nd_ingest");
    settings.reader_url = database.url("nd_reader");
    settings.writer_url = database.url("nd_writer");
    settings.enricher_url = database.url("nd_enricher");
    settings.backup_url = database.url("nd_backup");
}

ops_database::~ops_database() {
    std::error_code ignored;  // what stays behind in the temporary directory fails no test
    fs::remove_all(folder_, ignored);
}

ops::command_line::outcome ops_database::run(std::vector<std::string> arguments) const {
    for (const auto& name : ops::setting_names) {
        const auto& value = settings.*name.value;
        if (!value.empty()) arguments.insert(arguments.end(), {std::string(name.flag), value});
    }
    return ops::run_ndctl(arguments);
}

boost::json::object ops_database::must_run(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const auto outcome = run(arguments);
    if (outcome.status != ops::exit_status::fine)
        throw std::runtime_error(arguments.front() + ": " + outcome.out + outcome.err);
    return boost::json::parse(outcome.out).as_object();
}

std::string codes_of(const std::vector<ops::check>& checks) {
    std::set<std::string> codes;
    for (const auto& one : checks) {
        for (const auto& finding : one.found)
            codes.insert(finding.code);
    }
    std::string list;
    for (const auto& code : codes)
        list += (list.empty() ? "" : " ") + code;
    return list;
}

}  // namespace nd::tests
