// Requests that ask for a receipt, and what the edge then says of them. Used by the e2e tests.
#pragma once

#include "tests/e2e/obligations.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace nd::tests {

struct counts {
    std::int64_t stored = 0;
    std::int64_t pending = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    bool operator==(const counts&) const = default;
};

struct counted_request {
    tenant_key as;
    std::string token;
    std::int64_t accepted = 0;
};

// `count` events of one person, one of them named `first_name`. Throws unless it is a 202.
[[nodiscard]] counted_request send_counted(http_client& client, const tenant_key& as, int count,
                                           const std::string& user = "",
                                           const std::string& first_name = "clicked");
// From GET /v1/receipts/{token}; throws unless it is a 200 whose counts add up.
[[nodiscard]] counts look(http_client& client, const counted_request& at);
// Until nothing of any of them is pending.
[[nodiscard]] bool all_settle(const stack& system, const std::vector<counted_request>& requests,
                              std::chrono::seconds longest);

void raise_read_limit(const stack& system, const tenant_key& of);  // 6,000 a minute

}  // namespace nd::tests
