// A range of Kafka again: what is there stays, what is missing comes back, a kill -9 in between
// changes nothing of it, and every refusal says why.
#include "tests/e2e/system.hpp"

#include "base/pg.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <signal.h>
#include <stdlib.h>

#include <fstream>
#include <stdexcept>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;
namespace pg = nd::base::pg;

namespace {

struct answer {
    int status = -1;
    json::object said;
    std::string text;
};

answer ndctl(const stack& system, const std::string& arguments) {
    const auto done = system.ndctl(arguments + " --json 2>/dev/null");
    answer made{done.status, {}, done.output};
    boost::system::error_code broken;
    const auto value = json::parse(done.output, broken);
    if (!broken && value.is_object()) made.said = value.as_object();
    return made;
}

std::int64_t count(const answer& of, const char* name) {
    CAPTURE(of.text);
    REQUIRE(of.said.contains("counts"));
    return of.said.at("counts").at(name).to_number<std::int64_t>();
}

pg::rows admin(const stack& system, const std::string& script) {
    auto on = pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    auto done = on.exec_script(script);
    if (!done) throw std::runtime_error(done.error().detail);
    return std::move(*done);
}

std::int64_t admin_number(const stack& system, const std::string& query) {
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
        std::this_thread::sleep_for(5ms);
        http_client client(system["ND_URL"]);
        for (const auto& tenant : tenants) {
            for (int left = per_tenant; left > 0; left -= 500) {
                const auto got = oracle.send(client, tenant, std::min(left, 500));
                REQUIRE_MESSAGE(got.status == 202, got.body);
            }
        }
        REQUIRE(oracle.all_arrive(60s));
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

std::string progress_of(const stack& system) {
    const auto rows = admin(system,
                            "select string_agg(format('%s:%s', partition, next_offset), ' ' order "
                            "by partition) as all from nd.progress where topic = 'nd.events.v1'");
    return std::string(rows[0].text("all"));
}

void refused(const stack& system, const std::string& arguments, int status,
             const std::string& says) {
    const auto got = ndctl(system, arguments);
    CAPTURE(arguments);
    CAPTURE(got.text);
    CHECK(got.status == status);
    REQUIRE(got.said.contains("error"));
    const auto detail = json::value_to<std::string>(got.said.at("error").at("detail"));
    CHECK(detail.find(says) != std::string::npos);
}

}  // namespace

TEST_CASE("a range that is already there changes 0 rows, and both sides' digests are equal") {
    replayed_world w(1200);
    const auto before = progress_of(w.system);
    const auto got = ndctl(w.system, "replay" + w.range);
    CAPTURE(got.text);
    CHECK(got.status == 0);
    CHECK(count(got, "read") == w.sent());
    CHECK(count(got, "already_there") == w.sent());
    CHECK(count(got, "written") == 0);
    CHECK(got.said.at("counts").at("log_digest") == got.said.at("counts").at("table_digest"));
    CHECK(got.said.at("counts").at("log_digest") != "0000000000000000");
    CHECK(w.nothing_wrong());
    CHECK(progress_of(w.system) == before);
}

TEST_CASE("lost rows come back, those of one tenant or of one name alone if asked for") {
    replayed_world w(900);
    const auto lost = w.lose(3);
    REQUIRE(lost > 0);
    const auto dry = ndctl(w.system, "replay --dry-run" + w.range);
    CHECK(count(dry, "would_write") == lost);
    CHECK(dry.said.at("by_tenant_and_hour").as_array().size() >= 3);
    CHECK(w.oracle.check_all().missing == std::size_t(lost));

    CHECK(count(ndctl(w.system, "replay --name other" + w.range), "read") == 0);
    const auto one = ndctl(w.system, "replay --tenant " + w.tenants[0].tenant + w.range);
    CHECK(count(one, "read") == 900);
    CHECK(w.oracle.check(w.tenants[0].tenant).missing == 0);
    CHECK(w.oracle.check(w.tenants[1].tenant).missing > 0);
    const auto rest = ndctl(w.system, "replay --name element_clicked" + w.range);
    CHECK(rest.status == 0);
    CHECK(count(rest, "written") + count(one, "written") == lost);
    CHECK(w.nothing_wrong());
}

TEST_CASE("a replay that is killed in the middle is gone on with, and counts each row once") {
    replayed_world w(3000);
    const auto lost = w.lose(2);
    const auto folder = w.system.run_dir() + "/killed-" + fresh_uuid();
    const auto started = w.system.run(fmt::format(
        "(ndctl replay --rate 2000 --lanes 1{} --json >'{}' 2>&1 & echo $!)", w.range, folder));
    const auto pid = static_cast<pid_t>(std::stol(started.output));
    const auto running = [&w] {
        return admin_number(w.system,
                            "select coalesce(max(job_id), 0) as n from nd.jobs where "
                            "state = 'running'");
    };
    const auto written = [&] {
        return admin_number(w.system, fmt::format("select coalesce(sum(written), 0) as n from "
                                                  "nd.job_parts where job_id = {}",
                                                  running()));
    };
    REQUIRE(eventually(30s, [&] { return running() > 0 && written() > 0; }));
    const auto id = running();
    ::kill(pid, SIGKILL);
    const auto so_far = written();
    CAPTURE(so_far);
    CHECK(so_far < lost);
    const auto resumed = ndctl(w.system, fmt::format("replay resume {}", id));
    CAPTURE(resumed.text);
    CHECK(resumed.status == 0);
    CHECK(count(resumed, "read") == w.sent());
    CHECK(count(resumed, "written") == lost);
    CHECK(count(resumed, "already_there") == w.sent() - lost);
    CHECK(w.nothing_wrong());
    refused(w.system, fmt::format("replay resume {}", id), 1, "is done");
}

TEST_CASE("a cancelled replay stops, keeps what it wrote, and is not gone on with") {
    replayed_world w(2000);
    w.lose(2);
    const auto out = w.system.run_dir() + "/cancelled-" + fresh_uuid();
    w.system.run(
        fmt::format("(ndctl replay --rate 1000 --lanes 1{} --json >'{}'; echo $? "
                    ">'{}.status') >/dev/null 2>&1 &",
                    w.range, out, out));
    const auto running = [&w] {
        return admin_number(w.system,
                            "select coalesce(max(job_id), 0) as n from nd.jobs where "
                            "state = 'running'");
    };
    REQUIRE(eventually(30s, [&] { return running() > 0; }));
    const auto id = running();
    CHECK(ndctl(w.system, fmt::format("replay cancel {}", id)).status == 0);
    REQUIRE(eventually(30s, [&] { return std::ifstream(out + ".status").peek() != EOF; }));
    std::string status;
    std::ifstream(out + ".status") >> status;
    CHECK(status == "1");
    refused(w.system, fmt::format("replay resume {}", id), 1, "is cancelled");
    refused(w.system, fmt::format("replay cancel {}", id), 1, "is cancelled already");
    CHECK(ndctl(w.system, "replay" + w.range).status == 0);
    CHECK(w.nothing_wrong());
}

TEST_CASE("into staging everything lies beside the events, which stay as they are") {
    replayed_world w(400);
    REQUIRE(ndctl(w.system, "replay empty-staging").status == 0);
    const auto got = ndctl(w.system, "replay --into staging" + w.range);
    CHECK(got.status == 0);
    CHECK(count(got, "written") == w.sent());
    CHECK(admin_number(w.system, "select count(*) as n from nd.events_staging") == w.sent());
    CHECK(admin_number(w.system,
                       "select count(*) as n from nd.events_staging s join nd.events e "
                       "using (tenant_id, occurred_at, event_id) where s is distinct "
                       "from e") == 0);
    CHECK(w.nothing_wrong());
    CHECK(count(ndctl(w.system, "replay --into staging" + w.range), "written") == 0);
    REQUIRE(ndctl(w.system, "replay empty-staging").status == 0);
    CHECK(admin_number(w.system, "select count(*) as n from nd.events_staging") == 0);
}

TEST_CASE("what was erased does not come back, and what was dropped only when forced") {
    replayed_world w(300);
    REQUIRE(ndctl(w.system, "erase --tenant " + w.tenants[0].tenant).status == 0);
    const auto got = ndctl(w.system, "replay" + w.range);
    CHECK(got.status == 0);
    CHECK(count(got, "erased") == 300);
    CHECK(count(got, "written") == 0);
    CHECK(visible_ids(w.system, w.tenants[0].tenant).empty());

    admin(w.system,
          "insert into nd.dropped_weeks (week, rows_about, bytes) values "
          "(date_trunc('week', now() at time zone 'UTC')::date, 1, 1)");
    const auto lost = w.lose(1);
    CHECK(lost == 600);
    refused(w.system, "replay" + w.range, 1, "whose partition was dropped at");
    CHECK(w.oracle.check(w.tenants[1].tenant).rows == 0);
    const auto forced = ndctl(w.system, "replay --force" + w.range);
    CHECK(count(forced, "written") == lost);
    CHECK(count(forced, "erased") == 300);
    admin(w.system, "delete from nd.dropped_weeks");
}

TEST_CASE("every range and every job that cannot be meant is refused in words") {
    replayed_world w(10);
    const auto& s = w.system;
    refused(s, "replay --from 2099-01-01T00:00:00Z", 2, "in the future");
    refused(s, "replay --from 2026-01-02T00:00:00Z --to 2026-01-01T00:00:00Z", 2, "is reversed");
    refused(s, "replay --from 2026-01-01T00:00:00Z --to 2026-01-01T00:00:00Z", 2, "is empty");
    refused(s, "replay --from-offset 0:99999999", 2, "ends at offset");
    refused(s, "replay --from-offset 99:0", 2, "has no partition 99");
    refused(s, "replay --from yesterday", 2, "--from yesterday");
    refused(s, "replay --topic nd.pages.v1" + w.range, 2, "holds no events");
    refused(s, "replay --into elsewhere" + w.range, 2, "write events or staging");
    refused(s, "replay --tenant 00000000-0000-4000-8000-000000000001" + w.range, 1,
            "there is no tenant");
    refused(s, "replay --tenant somebody" + w.range, 2, "somebody");
    refused(s, "replay resume 999999", 1, "there is no job 999999");
    refused(s, "replay cancel 999999", 1, "there is no job 999999");
    refused(s, "replay --kafka 127.0.0.1:1" + w.range, 3, "");
    CHECK(admin_number(s, "select count(*) as n from nd.jobs where state = 'running'") == 0);
}

TEST_CASE("a job whose topic has grown since is not gone on with") {
    replayed_world w(10);
    const auto made = ndctl(w.system, "replay --dry-run" + w.range);
    auto spec = made.said.at("spec").as_object();
    spec["range"].as_object()["topic_partitions"] = 2;
    admin(w.system, "insert into nd.jobs (kind, spec, runner) values ('replay', '" +
                        json::serialize(spec) + "', '')");
    const auto id = admin_number(w.system, "select max(job_id) as n from nd.jobs");
    refused(w.system, fmt::format("replay resume {}", id), 1, "partitions now and had 2");
    REQUIRE(ndctl(w.system, fmt::format("replay cancel {}", id)).status == 0);
}
