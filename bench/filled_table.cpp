#include "bench/filled_table.hpp"

#include "base/pg_array.hpp"
#include "bench/admin_database.hpp"
#include "schema/event_scan.hpp"
#include "schema/uuid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace nd::bench {
namespace {

using base::pg::statement;

constexpr std::uint64_t portion = 100'000;     // rows of one statement, a commit each
constexpr std::uint64_t bytes_of_a_row = 600;  // with its index and a share of WAL, generously

constexpr statement make_tables(
    "create temp table sample as select (row_number() over () - 1)::int as n, w.* "
    "from (select unnest($1::text[]) as name, unnest($2::text[]) as session_id, "
    "unnest($3::text[]) as user_id, unnest($4::text[]) as page, "
    "unnest($5::text[])::jsonb as properties) w");
constexpr statement make_tenants(
    "create temp table tenant as select row_number() over (order by id) as n, id "
    "from unnest($1::uuid[]) id order by id");
// generate_series names the tenant only to keep the order: all of one tenant's events, then the
// next one's, which is the order of the primary key.
constexpr statement insert_portion(
    "insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, "
    "session_id, user_id, page, properties) "
    "select q.id, gen_random_uuid(), q.at, q.at + interval '1 second', 'live', s.name, "
    "s.session_id, s.user_id, s.page, s.properties "
    "from (select t.id, (t.n * 7 + k * 13 + $5::bigint) % (select count(*) from sample) as pick, "
    "$1::timestamptz + ($2::timestamptz - $1::timestamptz) * ((k - random()) / $3::float8) as at "
    "from tenant t cross join lateral generate_series(1 + t.n * 0, $3::bigint) k "
    "where t.n <= $4::bigint) q join sample s on s.n = q.pick");
// A week's piece: from and to of portion $2 of $3. This week ends now.
constexpr statement piece_of_week(
    "select (f + (u - f) * ($2::float8 / $3::float8))::text as begins, "
    "(f + (u - f) * (($2::float8 + 1) / $3::float8))::text as ends from (select "
    "nd.events_week_start(w) as f, least(nd.events_week_start(w + 7), now()) as u from (select "
    "date_trunc('week', now() at time zone 'UTC')::date - 7 * $1::int as w) a) b");
constexpr statement make_week(
    "select nd.make_events_partition(((now() at time zone 'UTC')::date - 7 * $1::int))");
constexpr statement size_of_all(
    "select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint as n from pg_inherits "
    "where inhparent = 'nd.events'::regclass");
constexpr statement where_data_is("select current_setting('data_directory') as dir");
// A merge join would lose the order of the tenants, and each portion is over before a plan is
// compiled.
constexpr const char* settings =
    "set synchronous_commit = off; set enable_mergejoin = off; set jit = off";
constexpr const char* know_sizes = "analyze sample; analyze tenant";
constexpr statement empty_it("truncate nd.events");
constexpr statement tidy("vacuum (analyze) nd.events");

}  // namespace

filled_table::filled_table(bed& on, std::uint64_t most_rows)
    : on_(on),
      db_(open_admin(on.with.admin_url, {.application_name = "nd-bench-fill",
                                         .deadline = std::chrono::milliseconds(0)})) {
    need_room(most_rows);
    must(db_.exec_script(settings));
    take_samples();
    take_tenants();
    must(db_.exec_script(know_sizes));
    must(db_.exec_script("set role nd_owner"));
    for (std::int64_t week = 0; week < filled_weeks; ++week)
        must(db_.exec(make_week, week));
    must(db_.exec_script("reset role"));
}

void filled_table::need_room(std::uint64_t rows) {
    const auto said = must(db_.exec(where_data_is));
    std::error_code ec;
    const auto space = std::filesystem::space(std::string(said[0].text("dir")), ec);
    if (ec || space.available >= rows * bytes_of_a_row) return;  // elsewhere: not ours to judge
    throw bench_error(exit_usage,
                      fmt::format("{} rows need about {:.1f} GiB and {:.1f} GiB are free: fewer "
                                  "--table-rows",
                                  rows, static_cast<double>(rows * bytes_of_a_row) / (1U << 30U),
                                  static_cast<double>(space.available) / (1U << 30U)));
}

void filled_table::take_samples() {
    base::pg::text_array names, sessions, users, pages, documents;
    request_maker maker(on_.events, encoding::identity, static_cast<std::uint64_t>(on_.with.seed));
    schema::event_scanner scanner;
    std::string event;
    for (std::size_t i = 0; i < on_.events.size(); ++i) {
        maker.make_event(event, std::chrono::system_clock::now());
        const auto read = scanner.scan(event);
        if (!read) throw bench_error(exit_usage, "the recording: " + read.error().detail);
        names.add(read->name);
        sessions.add(read->session_id);
        users.add(read->user_id);
        pages.add(read->page);
        documents.add(read->properties);
    }
    must(db_.exec(make_tables, names, sessions, users, pages, documents));
}

void filled_table::take_tenants() {
    base::pg::uuid_array ids;
    for (const auto& one : on_.tenants)
        ids.add(schema::parse_uuid(one).value_or(schema::uuid{}).bytes);
    must(db_.exec(make_tenants, ids));
}

void filled_table::fill(std::uint64_t rows) {
    must(db_.exec(empty_it));
    if (rows > 0) {
        for (std::int64_t week = filled_weeks - 1; week >= 0; --week) {
            const auto share = rows / filled_weeks + (week == 0 ? rows % filled_weeks : 0);
            fill_week(week, share);
            on_.show.detail(fmt::format("{} weeks to go", week));
        }
        must(db_.exec(tidy));
    }
    must(db_.exec_script("checkpoint"));
}

void filled_table::fill_week(std::int64_t week, std::uint64_t rows) {
    const auto tenants = on_.tenants.size();
    const auto each = std::max<std::uint64_t>(1, portion / tenants);  // events of a tenant
    const auto pieces = (rows + each * tenants - 1) / (each * tenants);
    for (std::uint64_t piece = 0; piece < pieces; ++piece) {
        const auto left = rows - piece * each * tenants;
        const auto all = std::min(left, each * tenants);
        const auto when = must(db_.exec(piece_of_week, week, piece, pieces));
        const std::string begins(when[0].text("begins")), ends(when[0].text("ends"));
        // The last piece: as many whole rounds of the tenants as fit, then a part of them.
        if (const auto rounds = all / tenants; rounds > 0)
            must(db_.exec(insert_portion, begins, ends, rounds, tenants, portions_++));
        if (const auto rest = all % tenants; rest > 0)
            must(db_.exec(insert_portion, begins, ends, 1, rest, portions_++));
    }
}

std::int64_t filled_table::bytes() {
    return number(db_.exec(size_of_all));
}

}  // namespace nd::bench
