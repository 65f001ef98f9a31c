// A dead letter with everything that the writer puts on one.
#pragma once

#include "ops/dead_letter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace nd::tests {

inline constexpr const char* sample_tenant = "11111111-1111-4111-8111-111111111111";

inline ops::dead_letter sample_letter() {
    return {{2, 17},
            1'792'009'601'000,
            sample_tenant,
            "{}",
            {{"nd-environment", "live"},
             {"nd-request", "req"},
             {"nd-something-new", "kept"},
             {"nd-reason", "postgres_22: out of range"},
             {"nd-sqlstate", "22003"},
             {"nd-source-topic", "nd.events.v1"},
             {"nd-source-partition", "3"},
             {"nd-source-offset", "1200"},
             {"nd-attempt", "1"},
             {"nd-received-at", "1792000000456"}}};
}

inline void set_header(ops::dead_letter& letter, const std::string& name,
                       const std::string& value) {
    std::erase_if(letter.headers, [&name](const auto& one) { return one.first == name; });
    letter.headers.emplace_back(name, value);
}

}  // namespace nd::tests
