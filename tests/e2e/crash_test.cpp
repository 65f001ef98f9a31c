// kill -9, a database restored from a copy, lost group offsets: afterwards nothing is missing and
// nothing is there twice.
#include "tests/e2e/closed_gate.hpp"
#include "tests/e2e/kafka_admin.hpp"
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

const obligations::verdict nothing_wrong(std::size_t rows) {
    return {rows, 0, 0, 0};
}

// `count` events of each tenant, all acknowledged. A 503 says "send again": a new key's first look
// into Postgres may take too long on a machine that is busy.
void send_each(const stack& system, obligations& oracle, const std::vector<tenant_key>& tenants,
               int count) {
    http_client client(system["ND_URL"]);
    for (const auto& tenant : tenants) {
        http_answer answer;
        const bool taken = eventually(30s, [&] {
            answer = oracle.send(client, tenant, count);
            return answer.status != 503;
        });
        REQUIRE_MESSAGE(taken, answer.body);
        REQUIRE_MESSAGE(answer.status == 202, answer.body);
    }
}

void copy_cluster(const stack& system, const std::string& from, const std::string& to) {
    const auto folder = system.run_dir() + "/postgres/";
    const auto done =
        system.run(fmt::format("rm -rf '{0}{2}' && cp -a '{0}{1}' '{0}{2}'", folder, from, to));
    REQUIRE_MESSAGE(done.status == 0, done.output);
}

}  // namespace

TEST_CASE("kill -9 of the writer in the middle of a batch loses nothing and doubles nothing") {
    auto& system = the_system();
    auto tenants = make_tenants(system, 1000);
    std::sort(tenants.begin(), tenants.end(),
              [](const auto& a, const auto& b) { return a.tenant < b.tenant; });
    for (const std::size_t stored : {100U, 900U}) {
        CAPTURE(stored);
        obligations oracle(system);
        system.stop("nd-writer");
        send_each(system, oracle, tenants, 4);  // 4,000 records: less than one batch of 5,000
        const auto before = rows_in_all(system);
        const auto gate = std::make_unique<closed_gate>(system, tenants[stored].tenant);
        system.start("nd-writer");
        REQUIRE(eventually(30s, [&] { return gate->somebody_waits(); }));
        system.kill_9("nd-writer");
        gate->end_waiting();  // the server notices a client that is gone only when it answers
        const auto at_kill = rows_in_all(system) - before;
        MESSAGE("rows at the kill: " << at_kill << " of " << oracle.accepted());
        CHECK(at_kill > 1);
        CHECK(at_kill < oracle.accepted());
        gate->open();
        system.start("nd-writer");
        REQUIRE(oracle.all_arrive(60s));
        const auto verdict = oracle.check_all();
        CHECK(verdict.missing == 0);
        CHECK(verdict.duplicate == 0);
        CHECK(rows_in_all(system) == before + oracle.accepted());
    }
}

TEST_CASE("a database restored from a copy fills its own hole, while the writer keeps running") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 20);
    obligations oracle(system);
    send_each(system, oracle, tenants, 50);
    REQUIRE(oracle.all_arrive(30s));
    system.stop("postgres");
    copy_cluster(system, "data", "copy");
    system.start("postgres");
    send_each(system, oracle, tenants, 50);
    REQUIRE(oracle.all_arrive(60s));
    system.stop("postgres");
    copy_cluster(system, "copy", "data");
    system.start("postgres");
    REQUIRE(oracle.all_arrive(60s));
    CHECK(oracle.check_all() == nothing_wrong(oracle.accepted()));
    CHECK(system.run("rm -rf '" + system.run_dir() + "/postgres/copy'").status == 0);
}

TEST_CASE("the group's offsets deleted: the writer goes on from Postgres's own progress") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 5);
    obligations oracle(system);
    send_each(system, oracle, tenants, 20);
    REQUIRE(oracle.all_arrive(30s));
    system.stop("nd-writer");
    send_each(system, oracle, tenants, 20);
    delete_group(system, "nd-writer");
    system.start("nd-writer");
    REQUIRE(oracle.all_arrive(60s));
    CHECK(oracle.check_all() == nothing_wrong(oracle.accepted()));
}

TEST_CASE("the group's offsets deleted and the database restored: the hole still fills") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 5);
    obligations oracle(system);
    send_each(system, oracle, tenants, 10);
    REQUIRE(oracle.all_arrive(30s));
    system.stop("postgres");
    copy_cluster(system, "data", "copy");
    system.start("postgres");
    send_each(system, oracle, tenants, 10);
    REQUIRE(oracle.all_arrive(60s));
    system.stop("nd-writer");
    system.stop("postgres");
    copy_cluster(system, "copy", "data");
    delete_group(system, "nd-writer");
    system.start("postgres");
    system.start("nd-writer");
    REQUIRE(oracle.all_arrive(60s));
    CHECK(oracle.check_all() == nothing_wrong(oracle.accepted()));
    CHECK(system.run("rm -rf '" + system.run_dir() + "/postgres/copy'").status == 0);
}

TEST_CASE("two writers share the partitions; one is killed, the other takes over") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 40);
    obligations oracle(system);
    system.start("nd-writer.2");
    send_each(system, oracle, tenants, 25);
    system.kill_9("nd-writer");
    send_each(system, oracle, tenants, 25);
    REQUIRE(
        oracle.all_arrive(90s));  // the broker notices the dead member after its session timeout
    system.start("nd-writer");
    system.stop("nd-writer.2");
    send_each(system, oracle, tenants, 5);
    REQUIRE(oracle.all_arrive(60s));
    CHECK(oracle.check_all() == nothing_wrong(oracle.accepted()));
}
