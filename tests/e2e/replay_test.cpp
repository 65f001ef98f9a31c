// A range of Kafka again: what is there stays, what is missing comes back, and every refusal says
// why.
#include "tests/e2e/replayed_world.hpp"

#include <boost/json/serialize.hpp>

using namespace nd::tests;
namespace json = boost::json;

namespace {

std::string progress_of(const stack& system) {
    const auto rows = admin(system,
                            "select string_agg(format('%s:%s', partition, next_offset), ' ' order "
                            "by partition) as all from nd.progress where topic = 'nd.events.v1'");
    return std::string(rows[0].text("all"));
}

// Where each row of the world lies, and which transaction put it there.
std::string rows_as_they_lie(const replayed_world& w) {
    std::string list;
    for (const auto& tenant : w.tenants)
        list += (list.empty() ? "'" : ", '") + tenant.tenant + "'";
    const auto rows = admin(w.system,
                            "select md5(string_agg(format('%s %s %s', tableoid, ctid, xmin), ' ' "
                            "order by tableoid, ctid)) as all from nd.events where tenant_id in (" +
                                list + ")");
    return std::string(rows[0].text("all"));
}

}  // namespace

TEST_CASE("a range that is already there changes 0 rows, and both sides' digests are equal") {
    replayed_world w(1200);
    const auto before = progress_of(w.system);
    const auto rows = rows_as_they_lie(w);
    const auto got = ndctl(w.system, "replay" + w.range);
    CAPTURE(got.text);
    CHECK(got.status == 0);
    CHECK(count(got, "read") == w.sent());
    CHECK(count(got, "already_there") == w.sent());
    CHECK(count(got, "written") == 0);
    CHECK(got.said.at("counts").at("log_digest") == got.said.at("counts").at("table_digest"));
    CHECK(got.said.at("counts").at("log_digest") != "0000000000000000");
    CHECK(w.nothing_wrong());
    CHECK(rows_as_they_lie(w) == rows);
    CHECK(progress_of(w.system) == before);
}

TEST_CASE("a range of offsets is exactly those records") {
    replayed_world w(200);
    const auto whole = ndctl(w.system, "replay --dry-run" + w.range);
    std::string from;
    std::string to;
    std::int64_t records = 0;
    for (const auto& span : whole.said.at("spec").at("range").at("offsets").as_array()) {
        const auto begin = span.at("begin").as_int64();
        const auto end = span.at("end").as_int64();
        if (end - begin < 2) continue;
        const char* comma = from.empty() ? "" : ",";
        from += fmt::format("{}{}:{}", comma, span.at("partition").as_int64(), begin + 1);
        to += fmt::format("{}{}:{}", comma, span.at("partition").as_int64(), end);
        records += end - begin - 1;
    }
    REQUIRE(records > 0);
    CHECK(records < w.sent());
    const auto got = ndctl(w.system, "replay --from-offset " + from + " --to-offset " + to);
    CHECK(got.status == 0);
    CHECK(count(got, "read") == records);
    CHECK(count(got, "already_there") == records);
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
