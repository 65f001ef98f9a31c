// docs/backup.md as it stands: its commands are cut out of the page and run. The database is lost
// in between, with everything that was stored after the dump; afterwards every accepted event is
// there.
#include "tests/e2e/audited_system.hpp"
#include "tests/e2e/system.hpp"

#include "base/pg.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <stdexcept>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace pg = nd::base::pg;

namespace {

// The lines of the page's block "```sh NAME".
std::string block_of(const std::string& name) {
    std::ifstream page(ND_BACKUP_PAGE);
    std::string out;
    std::string line;
    bool inside = false;
    while (std::getline(page, line)) {
        if (inside && line == "```") return out;
        if (inside) out += line + "\n";
        if (line == "```sh " + name) inside = true;
    }
    throw std::runtime_error("docs/backup.md has no block " + name);
}

void run_block(const stack& system, const std::string& name) {
    const auto file = system.run_dir() + "/" + name + ".sh";
    std::ofstream(file) << "set -euo pipefail\nexport ND_DUMP='" << system.run_dir()
                        << "/nd.dump'\n"
                        << block_of(name);
    const auto done = system.run("bash '" + file + "'");
    REQUIRE_MESSAGE(done.status == 0, name << ": " << done.output);
}

void send_each(const stack& system, obligations& oracle, const std::vector<tenant_key>& tenants,
               int count) {
    http_client client(system["ND_URL"]);
    for (const auto& tenant : tenants) {
        const auto answer = oracle.send(client, tenant, count);
        REQUIRE_MESSAGE(answer.status == 202, answer.body);
    }
}

void lose_database(stack& system) {
    system.kill_9("postgres");
    const auto gone = system.run("rm -rf '" + system.run_dir() + "/postgres/data'");
    REQUIRE_MESSAGE(gone.status == 0, gone.output);
}

bool refused(const std::string& url, const std::string& script) {
    auto connection = pg::connection::open(url);
    REQUIRE_MESSAGE(connection.has_value(), connection.error().detail);
    const auto done = connection->exec_script(script);
    return !done && done.error().sqlstate == "42501";
}

// Every event that was accepted, once and by its own tenant, and an audit that says so too: what
// arrived since then is due, and Postgres has it and nothing else.
void check_everything(const obligations& oracle, const std::string& since) {
    const auto verdict = oracle.check_all();
    CHECK(verdict == obligations::verdict{oracle.accepted(), 0, 0, 0});
    audited said;
    const auto total = [&said](const char* what) {
        return said.said.at("total").at(what).to_number<std::size_t>();
    };
    // The last rows are there a moment before the progress that makes them due.
    const bool due = eventually(20s, [&] {
        said = audit("--from " + since);
        return said.said.contains("total") && total("distinct") == oracle.accepted();
    });
    CAPTURE(boost::json::serialize(said.said));
    REQUIRE(due);
    CHECK(said.status == 0);
    CHECK(total("rows") == oracle.accepted());
    CHECK(total("missing") == 0);
    CHECK(total("pending") == 0);
    CHECK(said.said.at("total").at("kafka_digest") == said.said.at("total").at("postgres_digest"));
}

}  // namespace

TEST_CASE("dump, lose the database, restore: progress fills the hole, and nothing is missing") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 10);
    obligations oracle(system);
    const auto since = now_text();
    std::this_thread::sleep_for(5ms);  // Kafka's times are milliseconds
    send_each(system, oracle, tenants, 40);
    REQUIRE(oracle.all_arrive(60s));
    run_block(system, "dump");
    send_each(system, oracle, tenants, 40);  // stored, and not in the dump
    REQUIRE(oracle.all_arrive(60s));
    lose_database(system);
    send_each(system, oracle, tenants, 40);  // never stored before the restore
    system.start("postgres");
    run_block(system, "restore");
    REQUIRE(oracle.all_arrive(120s));
    check_everything(oracle, since);
    CHECK(rows_in_all(system) == oracle.accepted());
    send_each(system, oracle, tenants, 5);
    REQUIRE(oracle.all_arrive(60s));
    check_everything(oracle, since);
}

TEST_CASE("nd_backup reads every tenant and writes nothing") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 2);
    obligations oracle(system);
    send_each(system, oracle, tenants, 3);
    REQUIRE(oracle.all_arrive(60s));
    const auto& url = system["ND_BACKUP_DATABASE_URL"];
    auto connection = pg::connection::open(url);
    REQUIRE(connection.has_value());
    const auto seen = connection->exec(
        pg::statement("select count(distinct tenant_id) as tenants from nd.events"));
    REQUIRE_MESSAGE(seen.has_value(), seen.error().detail);
    CHECK((*seen)[0].integer("tenants") >= 2);
    for (const auto* script :
         {"delete from nd.events", "update nd.tenants set name = 'x'", "truncate nd.progress",
          "create table nd.mine (a int)", "create temp table mine (a int)",
          "insert into nd.progress values ('c', 't', 0, 0)"}) {
        CAPTURE(script);
        CHECK(refused(url, script));
    }
}
