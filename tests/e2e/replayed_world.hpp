// What the e2e tests of ndctl replay share: events that are rows, ways to lose some, and ndctl's
// answers.
#pragma once

#include "base/pg.hpp"
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace nd::tests {

struct answer {
    int status = -1;
    boost::json::object said;
    std::string text;
};

inline answer ndctl(const stack& system, const std::string& arguments) {
    const auto done = system.ndctl(arguments + " --json 2>/dev/null");
    answer made{done.status, {}, done.output};
    boost::system::error_code broken;
    const auto value = boost::json::parse(done.output, broken);
    if (!broken && value.is_object()) made.said = value.as_object();
    return made;
}

inline std::int64_t count(const answer& of, const char* name) {
    CAPTURE(of.text);
    REQUIRE(of.said.contains("counts"));
    return of.said.at("counts").at(name).to_number<std::int64_t>();
}

inline base::pg::rows admin(const stack& system, const std::string& script) {
    auto on = base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    auto done = on.exec_script(script);
    if (!done) throw std::runtime_error(done.error().detail);
    return std::move(*done);
}

inline std::int64_t admin_number(const stack& system, const std::string& query) {
    return admin(system, query)[0].integer("n");
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

inline void refused(const stack& system, const std::string& arguments, int status,
                    const std::string& says) {
    const auto got = ndctl(system, arguments);
    CAPTURE(arguments);
    CAPTURE(got.text);
    CHECK(got.status == status);
    REQUIRE(got.said.contains("error"));
    const auto detail = boost::json::value_to<std::string>(got.said.at("error").at("detail"));
    CHECK(detail.find(says) != std::string::npos);
}

}  // namespace nd::tests
