#include "bench/store_watch.hpp"

#include "base/kafka_topics.hpp"
#include "base/pg_array.hpp"
#include "bench/admin_database.hpp"
#include "schema/record.hpp"
#include "schema/uuid.hpp"

#include <fmt/format.h>
#include <array>
#include <thread>

namespace nd::bench {
namespace {

using base::pg::statement;

constexpr statement stored_sum(
    "select coalesce(sum(next_offset), 0)::bigint as n from nd.progress where topic = $1::text");
constexpr statement count_rows("select count(*) as n from nd.events");
constexpr statement wal_position("select (pg_current_wal_lsn() - '0/0')::bigint as n");
constexpr statement own_backend("select pg_backend_pid() as n");
constexpr statement which_are_there(
    "select e.event_id::text as id from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) "
    "w(tenant, at, id) join nd.events e "
    "on e.tenant_id = w.tenant and e.occurred_at = w.at and e.event_id = w.id");
// A backend of the role that stores: `wait_event` is null while it runs.
constexpr statement what_writers_do(
    "select case when state is distinct from 'active' or wait_event_type = 'Client' then 'writer' "
    "when wait_event is null then 'running' when wait_event like 'WAL%' then 'wal' "
    "when wait_event_type = 'IO' then 'disk' else 'other' end as what, count(*) as n "
    "from pg_stat_activity where usename = 'nd_writer' group by 1");
constexpr std::chrono::seconds kafka_patience{10};

base::pg::connection connect(const std::string& url) {
    if (url.empty())
        throw bench_error(exit_usage,
                          "this scenario looks into Postgres: set "
                          "ND_ADMIN_DATABASE_URL, or run it with ./dev bench");
    return open_admin(url,
                      {.application_name = "nd-bench-watch", .deadline = std::chrono::minutes(5)});
}

base::kafka_handle kafka_client(const std::string& bootstrap) {
    auto conf = base::common_kafka_conf({bootstrap, "", true}, "nd-bench-watch");
    if (!conf) throw bench_error(exit_usage, conf.error().detail);
    auto made = conf->make(RD_KAFKA_CONSUMER);
    if (!made) throw bench_error(exit_usage, made.error().detail);
    return std::move(*made);
}

}  // namespace

store_watch::store_watch(bed& on)
    : db_(connect(on.with.admin_url)), kafka_(kafka_client(on.with.kafka)) {}

int store_watch::partitions() {
    const std::array<std::string, 1> names{schema::events_topic};
    const auto said = base::list_topics(kafka_.get(), names, kafka_patience);
    if (!said) throw bench_error(exit_unreachable, "Kafka: " + said.error().detail);
    if (!said->front().exists)
        throw bench_error(exit_unreachable, "there is no topic nd.events.v1: `ndctl topics`");
    return said->front().partitions;
}

std::int64_t store_watch::in_log() {
    std::int64_t sum = 0;
    const auto all = partitions();
    for (std::int32_t partition = 0; partition < all; ++partition) {
        const auto end =
            base::end_offset(kafka_.get(), schema::events_topic, partition, kafka_patience);
        if (!end)
            throw bench_error(exit_unreachable, "Kafka does not say how much nd.events.v1 holds: " +
                                                    end.error().detail);
        sum += *end;
    }
    return sum;
}

std::int64_t store_watch::stored() {
    return number(db_.exec(stored_sum, schema::events_topic));
}

void store_watch::refuse_backlog() {
    const auto behind = in_log() - stored();
    if (behind == 0) return;
    throw bench_error(exit_usage,
                      fmt::format("nd.events.v1 holds {} records that are not stored yet: let "
                                  "nd-writer catch up, or run this with ./dev bench",
                                  behind));
}

bool store_watch::wait_until_stored(std::chrono::seconds longest) {
    const auto end = std::chrono::steady_clock::now() + longest;
    const auto all = in_log();
    while (stored() < all) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

std::int64_t store_watch::rows() {
    return number(db_.exec(count_rows));
}

std::int64_t store_watch::wal_bytes() {
    return number(db_.exec(wal_position));
}

void store_watch::empty() {
    must(db_.exec_script("truncate nd.events"));
    checkpoint();
}

void store_watch::checkpoint() {
    must(db_.exec_script("checkpoint"));
}

void store_watch::vacuum() {
    must(db_.exec_script("vacuum nd.events"));
}

void store_watch::look_at(waits& so_far) {
    for (const auto row : must(db_.exec(what_writers_do))) {
        const auto what = row.text("what");
        auto& to = what == "running" ? so_far.running
                   : what == "wal"   ? so_far.wal
                   : what == "disk"  ? so_far.disk
                   : what == "other" ? so_far.other
                                     : so_far.writer;
        to += static_cast<std::uint64_t>(row.integer("n"));
    }
}

std::vector<std::string> store_watch::there(std::span<const sample> samples) {
    base::pg::uuid_array tenants, ids;
    base::pg::timestamptz_array times;
    for (const auto& one : samples) {
        tenants.add(schema::parse_uuid(one.tenant).value_or(schema::uuid{}).bytes);
        times.add(one.occurred_us);
        ids.add(schema::parse_uuid(one.id).value_or(schema::uuid{}).bytes);
    }
    std::vector<std::string> found;
    for (const auto row : must(db_.exec(which_are_there, tenants, times, ids)))
        found.emplace_back(row.text("id"));
    return found;
}

pid_t store_watch::backend() {
    return static_cast<pid_t>(number(db_.exec(own_backend)));
}

}  // namespace nd::bench
