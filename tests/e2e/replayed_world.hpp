// What the e2e tests of ndctl replay share: events that are rows, ways to lose some, and the counts
// in its answers.
#pragma once

#include "tests/e2e/ndctl_answer.hpp"
#include "tests/e2e/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace nd::tests {

inline std::int64_t count(const answer& of, const char* name) {
    CAPTURE(of.text);
    REQUIRE(of.said.contains("counts"));
    return of.said.at("counts").at(name).to_number<std::int64_t>();
}

// Events of three tenants, all of them rows, and the range that they are.
struct replayed_world {
    stack& system = the_system();
    obligations oracle{system};
    std::vector<tenant_key> tenants = make_tenants(system, 3);
    std::string since = now_text();
    std::string range = " --from " + since;

    explicit replayed_world(int per_tenant) {
        // The first range must not hold what an earlier case sent in the same millisecond.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        http_client client(system["ND_URL"]);
        for (const auto& tenant : tenants) {
            for (int left = per_tenant; left > 0; left -= 500) {
                const auto got = oracle.send(client, tenant, std::min(left, 500));
                REQUIRE_MESSAGE(got.status == 202, got.body);
            }
        }
        REQUIRE(oracle.all_arrive(std::chrono::seconds(60)));
    }
    [[nodiscard]] std::int64_t sent() const { return std::int64_t(oracle.accepted()); }
    // Every n-th row of these tenants is gone, as after a restore; how many.
    std::int64_t lose(int n) {
        std::int64_t gone = 0;
        for (const auto& tenant : tenants) {
            gone += admin_number(
                system, fmt::format("with d as (delete from nd.events where tenant_id = '{}' and "
                                    "(properties->>'n')::int % {} = 0 returning 1) "
                                    "select count(*) as n from d",
                                    tenant.tenant, n));
        }
        return gone;
    }
    [[nodiscard]] bool nothing_wrong() const {
        return oracle.check_all() == obligations::verdict{oracle.accepted(), 0, 0, 0};
    }
};

}  // namespace nd::tests
