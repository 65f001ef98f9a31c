// Receipts over the whole system: right after a kill -9 between the rows and their commit, after
// everything was read again, with dead events, and for the tenant alone.
#include "tests/e2e/closed_gate.hpp"
#include "tests/e2e/counted_request.hpp"
#include "tests/e2e/kafka_admin.hpp"
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

void run_sql(const stack& system, const std::string& script) {
    auto admin = nd::base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    const auto done = admin.exec_script(script);
    REQUIRE_MESSAGE(done.has_value(), done.error().detail);
}

// The writer forgets how far it was, and reads all of Kafka's log again.
void read_all_again(stack& system) {
    system.stop("nd-writer");
    run_sql(system, "truncate nd.progress");
    delete_group(system, "nd-writer");
    system.start("nd-writer");
}

}  // namespace

TEST_CASE("counts are right after a kill -9 in the middle of a CALL, and after reading all again") {
    auto& system = the_system();
    auto tenants = make_tenants(system, 60);
    std::sort(tenants.begin(), tenants.end(),
              [](const auto& a, const auto& b) { return a.tenant < b.tenant; });
    http_client client(system["ND_URL"]);
    system.stop("nd-writer");
    std::vector<counted_request> requests;
    for (const auto& tenant : tenants) {
        requests.push_back(send_counted(client, tenant, 40, "ann"));
        requests.push_back(send_counted(client, tenant, 1));
    }
    for (const auto& one : requests)
        CHECK(look(client, one) == counts{0, one.accepted, 0, 0});
    closed_gate gate(system, tenants[30].tenant);
    system.start("nd-writer");
    REQUIRE(eventually(30s, [&] { return gate.somebody_waits(); }));
    // Some tenants are committed with their receipts, one has its rows and no commit yet.
    std::size_t settled = 0;
    for (const auto& one : requests) {
        const auto now = look(client, one);
        CHECK((now.stored == 0 || now.stored == one.accepted));
        settled += now.stored > 0 ? 1 : 0;
    }
    MESSAGE(settled << " of " << requests.size() << " requests were stored at the kill");
    CHECK(settled > 0);
    CHECK(settled < requests.size());
    system.kill_9("nd-writer");
    gate.end_waiting();
    gate.open();
    system.start("nd-writer");
    REQUIRE(all_settle(system, requests, 60s));
    for (int again = 0; again < 2; ++again) {
        for (const auto& one : requests)
            CHECK(look(client, one) == counts{one.accepted, 0, 0, 0});
        const auto fresh = send_counted(client, tenants[0], 3);
        read_all_again(system);
        REQUIRE(all_settle(system, {fresh}, 60s));
    }
}

TEST_CASE("a dead event is said to be dead, the others of its request stored") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 6);
    http_client client(system["ND_URL"]);
    run_sql(system,
            "create function public.poison() returns trigger language plpgsql as $$ begin "
            "if new.name = 'poison' then raise exception 'no' using errcode = '22003'; end "
            "if; return new; end $$; create trigger poison before insert on nd.events for "
            "each row execute function public.poison()");
    const auto bad = send_counted(client, tenants[0], 10, "ann", "poison");
    std::vector<counted_request> requests{bad};
    for (std::size_t i = 1; i < tenants.size(); ++i)
        requests.push_back(send_counted(client, tenants[i], 2));
    CHECK(all_settle(system, requests, 60s));
    CHECK(look(client, bad) == counts{9, 0, 1, 0});
    run_sql(system, "drop function public.poison cascade");
    const auto said = system.ndctl("receipt verify --json " + bad.token);
    CHECK(said.status == 1);
    CHECK(said.output.find("\"dead\":1") != std::string::npos);
    CHECK(system.ndctl("receipt verify " + requests[1].token).status == 0);
    // Erasing the person marks the letter too, once.
    const auto erase = "erase --json --user ann --tenant " + tenants[0].tenant + " 2>/dev/null";
    const auto first = system.ndctl(erase);
    REQUIRE_MESSAGE(first.status == 0, first.output);
    CHECK(first.output.find("\"dead_letters\":1") != std::string::npos);
    CHECK(system.ndctl(erase).output.find("\"dead_letters\":0") != std::string::npos);
    CHECK(look(client, bad) == counts{0, 0, 0, 10});
}

// The last case of this program: the log is empty after it.
TEST_CASE("receipts are answered when Kafka has the records no longer") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 3);
    http_client client(system["ND_URL"]);
    std::vector<counted_request> requests;
    for (const auto& tenant : tenants)
        requests.push_back(send_counted(client, tenant, 7, "ann"));
    REQUIRE(all_settle(system, requests, 60s));
    const std::string topic = "nd.events.v1";
    for (int i = 0; i < partitions_of(system, topic); ++i)
        cut_log(system, topic, i);
    for (const auto& one : requests) {
        CHECK(look(client, one) == counts{7, 0, 0, 0});
        CHECK(system.ndctl("receipt verify " + one.token).status == 0);
    }
}
