// A dead letter's whole life with the real system: refused, shown, replayed in vain, replayed once
// the cause is gone, and never twice.
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

boost::json::object dead(const stack& system, const std::string& arguments) {
    const auto said = system.ndctl("dead " + arguments + " --json");
    return boost::json::parse(said.output).as_object();
}

std::string sql(const stack& system, const std::string& statement) {
    const auto said = system.run(
        "psql -X -q -At -v ON_ERROR_STOP=1 -d \"$ND_ADMIN_DATABASE_URL\" -c \"" + statement + "\"");
    REQUIRE_MESSAGE(said.status == 0, said.output);
    return said.output.substr(0, said.output.find('\n'));
}

std::int64_t open_letters(const stack& system, const std::string& tenant) {
    return dead(system, "list --tenant " + tenant).at("count").as_int64();
}

constexpr int tenants = 6;
constexpr int events = 5;  // of each

struct refused_world {
    stack& system = the_system();
    std::vector<tenant_key> all = make_tenants(system, tenants);
    obligations oracle{system};

    // While it stands, Postgres refuses every event of these tenants.
    void refuse() {
        std::string list;
        for (const auto& one : all)
            list += (list.empty() ? "'" : ", '") + one.tenant + "'";
        sql(system,
            "alter table nd.events add constraint refused check (tenant_id not in (" + list + "))");
    }
    void mend() { sql(system, "alter table nd.events drop constraint refused"); }
    // One after the other: poison of many tenants at once would be taken for a bug of ours.
    void send() {
        http_client client(system["ND_URL"]);
        for (const auto& one : all) {
            REQUIRE(oracle.send(client, one, events).status == 202);
            REQUIRE(eventually(30s, [&] { return open_letters(system, one.tenant) == events; }));
        }
    }
    bool each_has_open(std::int64_t count) {
        for (const auto& one : all) {
            if (open_letters(system, one.tenant) != count) return false;
        }
        return true;
    }
    boost::json::object replay(const std::string& more = "") {
        return dead(system, "replay --reason postgres_23 " + more);
    }
    void check_all_there_once() {
        for (const auto& one : all)
            CHECK(oracle.check(one.tenant) == obligations::verdict{events, 0, 0, 0});
    }
};

}  // namespace

TEST_CASE("what Postgres refused comes back once the cause is gone, with its time of arrival") {
    refused_world w;
    w.refuse();
    const auto begun = sql(w.system, "select now()");
    w.send();
    const auto sent = sql(w.system, "select now()");
    const auto listed = dead(w.system, "list --limit 1 --tenant " + w.all[0].tenant);
    CHECK(listed.at("reasons").as_array()[0].at("code").as_string() == "postgres_23");
    CHECK(listed.at("letters").as_array()[0].at("sqlstate").as_string() == "23514");
    CHECK(w.replay("--dry-run").at("would_be_replayed").as_int64() == tenants * events);
    CHECK(w.oracle.check(w.all[0].tenant).rows == 0);

    // In vain: each is dead again, as a new letter that knows of its first death. It does not loop,
    // and though they are of all tenants in their batches it parks nobody.
    CHECK(w.replay().at("replayed").as_int64() == tenants * events);
    REQUIRE(eventually(30s, [&] { return w.each_has_open(events); }));
    std::this_thread::sleep_for(1s);
    CHECK(w.each_has_open(events));
    CHECK(status_of(w.system["ND_WRITER_ADMIN_URL"], "/readyz") == 200);
    const auto again = dead(w.system, "list --limit 1 --tenant " + w.all[0].tenant);
    const auto& letter = again.at("letters").as_array()[0].as_object();
    CHECK(letter.at("deaths").as_int64() == 2);
    const std::string place(letter.at("letter").as_string());
    const auto shown = dead(w.system, "show " + place).at("letters").as_array()[0].as_object();
    CHECK(shown.at("history").as_array().size() == 1);

    w.mend();
    CHECK(w.replay().at("replayed").as_int64() == tenants * events);
    REQUIRE(w.oracle.all_arrive(30s));
    w.check_all_there_once();
    CHECK(w.each_has_open(0));
    // received_at is when the edge took them, not when they came back.
    CHECK(sql(w.system, fmt::format("select count(*) from nd.events where received_at between "
                                    "timestamptz '{}' - interval '1 s' and '{}'",
                                    begun, sent)) == std::to_string(tenants * events));
    CHECK(w.replay().at("replayed").as_int64() == 0);

    // As if it had been killed before the marks were written: all of it once more, and no new row.
    sql(w.system, "delete from nd.dead_state");
    CHECK(w.replay().at("replayed").as_int64() == 2 * tenants * events);
    std::this_thread::sleep_for(2s);
    w.check_all_there_once();
    CHECK(w.each_has_open(0));
}
