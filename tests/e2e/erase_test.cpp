// ndctl erase while the system works: no row comes back, not from a CALL that is under way, not
// from a writer that runs, not when all of Kafka's log is read again.
#include "tests/e2e/closed_gate.hpp"
#include "tests/e2e/counted_request.hpp"
#include "tests/e2e/kafka_admin.hpp"
#include "tests/e2e/system.hpp"
#include "tests/support/log_end.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <atomic>
#include <future>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

struct erased {
    std::string at;
    std::int64_t deleted = 0;
    std::string gone_by;
};

erased erase(const stack& system, const std::string& tenant, const std::string& user) {
    const auto who = user.empty() ? "" : " --user " + user;
    const auto done = system.ndctl("erase --json --tenant " + tenant + who + " 2>/dev/null");
    if (done.status != 0) throw std::runtime_error("ndctl erase: " + done.output);
    const auto said = boost::json::parse(done.output);
    // Wherever a copy may be: nd.events.v1, nd.import.v1, nd.pages.v1, nd.dead.v1.
    CHECK(said.at("kafka_copies").as_array().size() == 4);
    return {std::string(said.at("erased_at").as_string()),
            said.at("deleted").to_number<std::int64_t>(),
            std::string(said.at("kafka_copies").at(0).at("gone_by").as_string())};
}

std::int64_t rows_of(const stack& system, const tenant_key& of, const std::string& where) {
    auto admin = nd::base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    const auto rows = admin.exec_script(fmt::format(
        "select count(*) as n from nd.events where tenant_id = '{}' and ({})", of.tenant, where));
    REQUIRE_MESSAGE(rows.has_value(), rows.error().detail);
    return (*rows)[0].integer("n");
}

void read_all_again(stack& system) {
    system.stop("nd-writer");
    auto admin = nd::base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    REQUIRE(admin.exec_script("truncate nd.progress").has_value());
    delete_group(system, "nd-writer");
    system.start("nd-writer");
    REQUIRE(eventually(
        60s, [&] { return read_to_the_end(system["ND_KAFKA"], system["ND_ADMIN_DATABASE_URL"]); }));
}

}  // namespace

TEST_CASE("a CALL that began before the tombstone is waited for: its rows go too") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).front();
    http_client client(system["ND_URL"]);
    system.stop("nd-writer");
    const std::vector<counted_request> requests{send_counted(client, tenant, 20, "ann"),
                                                send_counted(client, tenant, 5, "ben")};
    closed_gate gate(system, tenant.tenant);
    system.start("nd-writer");
    REQUIRE(eventually(30s, [&] { return gate.somebody_waits(); }));
    auto erasing =
        std::async(std::launch::async, [&] { return erase(system, tenant.tenant, "ann"); });
    CHECK(erasing.wait_for(3s) == std::future_status::timeout);
    gate.open();
    const auto done = erasing.get();
    CHECK(done.deleted == 20);
    CHECK(done.gone_by > done.at);
    REQUIRE(all_settle(system, requests, 30s));
    CHECK(look(client, requests[0]) == counts{0, 0, 0, 20});
    CHECK(look(client, requests[1]) == counts{5, 0, 0, 0});
    CHECK(rows_of(system, tenant, "user_id = 'ann'") == 0);
    read_all_again(system);
    const auto later = send_counted(client, tenant, 3, "ann");
    REQUIRE(all_settle(system, {later}, 60s));
    CHECK(rows_of(system, tenant, "user_id = 'ann'") == 3);
    CHECK(rows_of(system, tenant, "user_id = 'ben'") == 5);
    CHECK(look(client, requests[0]) == counts{0, 0, 0, 20});
    CHECK(look(client, later) == counts{3, 0, 0, 0});
}

TEST_CASE(
    "erasing while the writer runs: what arrived before is gone for good, the rest is there") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).front();
    raise_limit(system, tenant);
    raise_read_limit(system, tenant);
    std::atomic<bool> stop{false};
    std::vector<counted_request> of_ann, of_ben;
    std::thread sender([&] {
        http_client client(system["ND_URL"]);
        while (!stop) {
            of_ann.push_back(send_counted(client, tenant, 20, "ann"));
            of_ben.push_back(send_counted(client, tenant, 20, "ben"));
            std::this_thread::sleep_for(20ms);
        }
    });
    std::vector<erased> done;
    for (int round = 0; round < 4; ++round) {
        std::this_thread::sleep_for(1s);
        done.push_back(erase(system, tenant.tenant, "ann"));
        CHECK(rows_of(system, tenant,
                      "user_id = 'ann' and received_at <= '" + done.back().at + "'") == 0);
    }
    std::this_thread::sleep_for(1s);
    stop = true;
    sender.join();
    CHECK(done.front().deleted > 0);
    const auto forbidden = "user_id = 'ann' and received_at <= '" + done.back().at + "'";
    for (int again = 0; again < 2; ++again) {
        REQUIRE(all_settle(system, of_ann, 60s));
        REQUIRE(all_settle(system, of_ben, 60s));
        http_client client(system["ND_URL"]);
        counts ann, ben;
        for (const auto& one : of_ann) {
            ann.stored += look(client, one).stored;
            ann.erased += look(client, one).erased;
        }
        for (const auto& one : of_ben)
            ben.stored += look(client, one).stored;
        MESSAGE(ann.erased << " erased, " << ann.stored << " stored later");
        CHECK(ann.erased + ann.stored == static_cast<std::int64_t>(20 * of_ann.size()));
        CHECK(ann.erased > 0);
        CHECK(ann.stored > 0);
        CHECK(ben.stored == static_cast<std::int64_t>(20 * of_ben.size()));
        CHECK(rows_of(system, tenant, forbidden) == 0);
        CHECK(rows_of(system, tenant, "user_id = 'ann'") == ann.stored);
        CHECK(rows_of(system, tenant, "user_id = 'ben'") == ben.stored);
        if (again > 0) break;
        read_all_again(system);
        of_ben.push_back(send_counted(client, tenant, 20, "ben"));
    }
}

TEST_CASE("a tenant as a whole, and nobody else") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 2);
    http_client client(system["ND_URL"]);
    std::vector<counted_request> requests;
    for (const auto& tenant : tenants) {
        requests.push_back(send_counted(client, tenant, 10, "ann"));
        requests.push_back(send_counted(client, tenant, 10));
    }
    REQUIRE(all_settle(system, requests, 60s));
    CHECK(erase(system, tenants[0].tenant, "").deleted == 20);
    read_all_again(system);
    const auto later = send_counted(client, tenants[0], 2);
    REQUIRE(all_settle(system, {later}, 60s));
    CHECK(rows_of(system, tenants[0], "true") == 2);
    CHECK(rows_of(system, tenants[1], "true") == 20);
    CHECK(look(client, requests[0]) == counts{0, 0, 0, 10});
    CHECK(look(client, requests[3]) == counts{10, 0, 0, 0});
}
