// The oracle of the e2e tests: it sends events it made itself, keeps every accepted one as an
// obligation, and compares with what the tenant sees in the database. What got a 503 or lost its
// connection may have its row, and never two.
#pragma once

#include "tests/support/http_client.hpp"
#include "tests/support/stack.hpp"
#include "tests/support/tenant_key.hpp"

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace nd::tests {

class obligations {
  public:
    explicit obligations(const stack& system) : system_(system) {}

    // One request with `count` fresh events. Safe from several threads, each with its own client.
    http_answer send(http_client& client, const tenant_key& as, int count);
    // The same with bodies made elsewhere: `ids` are the event_ids in order.
    http_answer send_body(http_client& client, const tenant_key& as, const std::string& body,
                          const std::vector<std::string>& ids);

    [[nodiscard]] std::size_t accepted(const std::string& tenant) const;
    [[nodiscard]] std::size_t accepted() const;

    struct verdict {
        std::size_t rows = 0;
        std::size_t missing = 0;
        std::size_t duplicate = 0;
        std::size_t spurious = 0;
        bool operator==(const verdict&) const = default;
    };
    // What the tenant sees through row-level security, against what it is owed.
    [[nodiscard]] verdict check(const std::string& tenant) const;
    // Waits until nothing is missing for any tenant; false after `longest`.
    [[nodiscard]] bool all_arrive(std::chrono::seconds longest) const;
    // The sum over all tenants.
    [[nodiscard]] verdict check_all() const;

  private:
    struct owed {
        std::set<std::string> accepted;
        std::set<std::string> uncertain;
    };
    const stack& system_;
    mutable std::mutex mutex_;
    std::map<std::string, owed> by_tenant_;
};

// The event_ids that `tenant` sees, one per row (a multiset in order).
[[nodiscard]] std::vector<std::string> visible_ids(const stack& system, const std::string& tenant);

// Rows of all tenants, as the superuser counts them; for watching progress only.
[[nodiscard]] std::size_t rows_in_all(const stack& system);

// Tenants with a key and the highest limit each, made by ndctl.
[[nodiscard]] std::vector<tenant_key> make_tenants(const stack& system, int count);

[[nodiscard]] std::string fresh_uuid();
[[nodiscard]] std::string now_text();  // RFC 3339, UTC, microseconds

}  // namespace nd::tests
