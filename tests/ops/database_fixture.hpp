// A database of the test's own with ndctl's settings for it. Label pg (ND_TEST_ADMIN_DATABASE_URL,
// see tests/pg/database.hpp).
#pragma once

#include "ops/check.hpp"
#include "ops/command_line.hpp"
#include "ops/settings.hpp"
#include "tests/pg/database.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace nd::tests {

class ops_database {
  public:
    ops_database();
    ~ops_database();
    ops_database(const ops_database&) = delete;
    ops_database& operator=(const ops_database&) = delete;

    test_database database;
    ops::settings settings;  // every URL, and a pepper file

    // Runs ndctl in this process with these settings.
    ops::command_line::outcome run(std::vector<std::string> arguments) const;
    // The same with --json; the answer of a command that succeeds.
    boost::json::object must_run(std::vector<std::string> arguments) const;
    // A directory for files of the test.
    const std::filesystem::path& folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
};

// The codes of all findings, sorted, each once, with a space between.
[[nodiscard]] std::string codes_of(const std::vector<ops::check>& checks);

}  // namespace nd::tests
