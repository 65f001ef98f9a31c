// Keys while traffic runs: rotation drops no request, a revoked key stops within a second, a
// suspended tenant at once.
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <atomic>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

// Sends one event after another with whatever key is current, and counts the statuses.
class traffic {
  public:
    traffic(const stack& system, obligations& oracle, tenant_key first)
        : current_(std::move(first)) {
        thread_ = std::thread([this, &system, &oracle] {
            http_client client(system["ND_URL"]);
            while (!done_) {
                const auto status = oracle.send(client, current(), 1).status;
                const std::scoped_lock lock(mutex_);
                ++statuses_[status];
                last_ = status;
            }
        });
    }
    ~traffic() {
        done_ = true;
        thread_.join();
    }
    void use(const std::string& key) {
        const std::scoped_lock lock(mutex_);
        current_.key = key;
    }
    [[nodiscard]] int last() {
        const std::scoped_lock lock(mutex_);
        return last_;
    }
    [[nodiscard]] std::map<int, int> statuses() {
        const std::scoped_lock lock(mutex_);
        return statuses_;
    }

  private:
    tenant_key current() {
        const std::scoped_lock lock(mutex_);
        return current_;
    }
    std::mutex mutex_;
    tenant_key current_;
    std::map<int, int> statuses_;
    int last_ = 0;
    std::atomic<bool> done_ = false;
    std::thread thread_;
};

// How `ndctl key rotate|revoke` names the tenant's first key.
std::string first_key(const stack& system, const std::string& tenant) {
    const auto listed = system.ndctl("key list --tenant " + tenant + " --json");
    REQUIRE_MESSAGE(listed.status == 0, listed.output);
    const auto keys = boost::json::parse(listed.output).at("keys").as_array();
    REQUIRE(!keys.empty());
    const auto id = keys.front().at("key_id").to_number<std::int64_t>();
    return std::to_string(id) + " --tenant " + tenant;
}

}  // namespace

TEST_CASE(
    "a key is rotated while traffic runs: both keys work in the grace, and no request fails") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).at(0);
    raise_limit(system, tenant);
    obligations oracle(system);
    {
        traffic flow(system, oracle, tenant);
        std::this_thread::sleep_for(500ms);
        const auto rotated =
            system.ndctl("key rotate " + first_key(system, tenant.tenant) + " --grace 1h --json");
        REQUIRE_MESSAGE(rotated.status == 0, rotated.output);
        std::this_thread::sleep_for(500ms);
        flow.use(std::string(boost::json::parse(rotated.output).at("key").as_string()));
        std::this_thread::sleep_for(500ms);
        const auto statuses = flow.statuses();
        CHECK(statuses.size() == 1);
        CHECK(statuses.contains(202));
    }
    REQUIRE(oracle.all_arrive(30s));
    CHECK(oracle.check(tenant.tenant).duplicate == 0);
}

TEST_CASE("a key rotated without a grace stops, and its successor goes on at once") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).at(0);
    raise_limit(system, tenant);
    obligations oracle(system);
    traffic flow(system, oracle, tenant);
    CHECK(eventually(5s, [&] { return flow.last() == 202; }));
    const auto rotated =
        system.ndctl("key rotate " + first_key(system, tenant.tenant) + " --grace 0 --json");
    REQUIRE_MESSAGE(rotated.status == 0, rotated.output);
    // A second is promised, as for a revoked key; the machine is small and shared.
    CHECK(eventually(3s, [&] { return flow.last() == 401; }));
    std::this_thread::sleep_for(300ms);
    CHECK(flow.last() == 401);
    flow.use(std::string(boost::json::parse(rotated.output).at("key").as_string()));
    CHECK(eventually(3s, [&] { return flow.last() == 202; }));
    const auto statuses = flow.statuses();
    CHECK(statuses.size() == 2);
}

TEST_CASE("a key revoked while traffic runs stops within a second") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).at(0);
    raise_limit(system, tenant);
    obligations oracle(system);
    traffic flow(system, oracle, tenant);
    CHECK(eventually(5s, [&] { return flow.last() == 202; }));
    const auto revoked = system.ndctl("key revoke " + first_key(system, tenant.tenant));
    REQUIRE_MESSAGE(revoked.status == 0, revoked.output);
    // The promise is a second; the bound is wide because the machine is small and shared.
    CHECK(eventually(3s, [&] { return flow.last() == 401; }));
}

TEST_CASE("a tenant suspended while traffic runs gets 403, and 202 again when resumed") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).at(0);
    raise_limit(system, tenant);
    obligations oracle(system);
    traffic flow(system, oracle, tenant);
    CHECK(eventually(5s, [&] { return flow.last() == 202; }));
    REQUIRE(system.ndctl("tenant suspend " + tenant.tenant).status == 0);
    CHECK(eventually(3s, [&] { return flow.last() == 403; }));
    REQUIRE(system.ndctl("tenant resume " + tenant.tenant).status == 0);
    CHECK(eventually(3s, [&] { return flow.last() == 202; }));
}
