// What a command of ndctl has to say, once: as JSON for scripts and as text for a person. Every
// command returns one; only main prints it and turns its status into the exit code. Nothing here
// reads or writes anything.
#pragma once

#include "base/result.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace nd::ops {

// The exit codes that scripts rely on.
enum class exit_status : int {
    fine = 0,
    finding = 1,      // something is wrong, or the command failed and changed nothing
    usage = 2,        // the command line, a variable or a file of the configuration
    unreachable = 3,  // Kafka or Postgres could not be asked
};

struct report {
    boost::json::object data;
    std::string text;
    exit_status status = exit_status::fine;
};

[[nodiscard]] exit_status to_exit_status(base::errc code);

// One line of JSON, or the text with exactly one newline at its end.
[[nodiscard]] std::string rendered(const report& said, bool as_json);
[[nodiscard]] std::string rendered(const base::error& error, bool as_json);

}  // namespace nd::ops
