// One thing that is wrong, with what to do about it. `code` is stable: alerts and tests name it.
// Made by the checks of doctor, topics and partitions; rendered here in both forms. Pure.
#pragma once

#include <boost/json/array.hpp>

#include <string>
#include <vector>

namespace nd::ops {

struct finding {
    std::string code;          // topic_replication
    std::string subject;       // nd.events.v1
    std::string detail;        // what is so
    std::string fix;           // what to do
    bool unreachable = false;  // could not be asked, rather than asked and found wrong
};
using findings = std::vector<finding>;

[[nodiscard]] boost::json::array to_json(const findings& found);

// Two lines for each: what is wrong, then "do: ...".
[[nodiscard]] std::string to_text(const findings& found);

void append(findings& to, findings more);

}  // namespace nd::ops
