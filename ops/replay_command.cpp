// ndctl replay: a range of a topic into the events table again, or into the staging table beside
// it. What is there stays as it is. A job in Postgres remembers how far it came.
#include "ops/command_line.hpp"
#include "ops/database.hpp"
#include "ops/migration_run.hpp"
#include "ops/range_options.hpp"
#include "ops/replay_report.hpp"
#include "ops/replay_run.hpp"
#include "ops/tenant_store.hpp"
#include "ops/wall_clock.hpp"
#include "ops/writer_connection.hpp"
#include "schema/record.hpp"
#include "sql/queries/empty_staging.hpp"

#include <fmt/format.h>

#include <limits>
#include <memory>

namespace nd::ops {
namespace {

struct replay_words {
    range_words range;
    std::string topic = schema::events_topic;
    std::string tenant;
    std::string name;
    std::string into = "events";
    std::int64_t rate = 0;
    std::int64_t lanes = 0;
    bool dry_run = false;
    bool force = false;
};

base::result<> check_words(const settings& from, const replay_words& words) {
    if (words.into != "events" && words.into != "staging") {
        return base::failure(base::errc::invalid,
                             fmt::format("--into {}: write events or staging", words.into));
    }
    if (words.topic != schema::events_topic && words.topic != schema::import_topic) {
        return base::failure(base::errc::invalid,
                             fmt::format("--topic {} holds no events: {} and {} do", words.topic,
                                         schema::events_topic, schema::import_topic));
    }
    if (words.tenant.empty()) return {};
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, words.tenant);
    return tenant ? base::result<>() : tenant.error();
}

// The first moment of the range; for offsets that of the records themselves.
base::result<std::optional<schema::instant>> beginning(const settings& from,
                                                       const record_range& range) {
    if (range.from) return range.from;
    std::optional<schema::instant> first;
    for (const auto& span : range.spans) {
        const auto ms = first_time(from, range.topic, span);
        if (!ms) return ms.error();
        if (!*ms) continue;
        const schema::instant at{**ms * 1000};
        if (!first || at < *first) first = at;
    }
    return first;
}

// Rows that were dropped on purpose do not come back by accident.
base::result<> check_dropped(const settings& from, const record_range& range) {
    auto on = open_writer(from);
    if (!on) return on.error();
    const auto dropped = dropped_weeks::load(*on);
    if (!dropped) return dropped.error();
    if (dropped->empty()) return {};
    const auto first = beginning(from, range);
    if (!first) return first.error();
    if (!*first) return {};
    const auto week = dropped->first_within((*first)->us, range.to ? range.to->us : INT64_MAX);
    if (!week) return {};
    return base::failure(
        base::errc::refused,
        fmt::format("the range reaches into the week of {}, whose partition was dropped at {}: "
                    "begin at {} or later, or say --force to bring its events back",
                    week->monday(), schema::to_string(schema::instant{week->dropped_us}),
                    schema::to_string(schema::instant{week->to_us})));
}

base::result<replay_spec> resolve(const settings& from, const replay_words& words) {
    const auto wish = parse_range(words.range, wall_clock());
    if (!wish) return wish.error();
    if (auto fine = check_words(from, words); !fine) return fine.error();
    auto range = resolve_range(from, words.topic, *wish);
    if (!range) return range.error();
    if (range->records() == 0) {
        return base::failure(base::errc::not_found,
                             fmt::format("there is nothing to replay: {} has no record in this "
                                         "range",
                                         words.topic));
    }
    if (!words.force) {
        if (auto whole = check_dropped(from, *range); !whole) return whole.error();
    }
    return replay_spec{std::move(*range),       words.tenant, words.name,
                       words.into == "staging", words.force,  words.rate};
}

base::error resumable(base::error e, std::int64_t id) {
    e.detail += fmt::format("\n       what was done is kept: ndctl replay resume {}", id);
    return e;
}

base::result<report> work(const settings& from, const job& one, const std::string& runner,
                          const replay_options& options) {
    const auto spec = spec_of(one.spec);
    const auto result = run_replay(from, spec, one.parts, {one.id, runner, 0}, options);
    // A connection from before the work may be lost by now.
    auto jobs = job_store::open(from);
    if (!result) {
        // Without an answer here it can be resumed a few seconds later.
        if (jobs) static_cast<void>(jobs->leave(one.id, runner));
        return resumable(result.error(), one.id);
    }
    if (!jobs) return resumable(jobs.error(), one.id);
    if (auto done = jobs->finish(one.id, runner); !done) return resumable(done.error(), one.id);
    const auto finished = jobs->find(one.id);
    if (!finished) return finished.error();
    return tell_replay(*finished, *result);
}

base::result<report> run_replay_command(const settings& from, const replay_words& words) {
    const auto spec = resolve(from, words);
    if (!spec) return spec.error();
    const replay_options options{words.lanes, words.dry_run};
    if (words.dry_run) {
        const auto result = run_replay(from, *spec, parts_of(spec->range), {}, options);
        if (!result) return result.error();
        return tell_dry_run(*spec, *result);
    }
    auto jobs = job_store::open(from);
    if (!jobs) return jobs.error();
    const auto runner = make_runner();
    const auto id = jobs->create("replay", to_json(*spec), runner, parts_of(spec->range));
    if (!id) return id.error();
    const auto made = jobs->find(*id);
    if (!made) return made.error();
    return work(from, *made, runner, options);
}

base::result<report> resume(const settings& from, std::int64_t id) {
    auto jobs = job_store::open(from);
    if (!jobs) return jobs.error();
    const auto runner = make_runner();
    auto one = jobs->take(id, "replay", runner);
    if (!one) return one.error();
    const auto range = spec_of(one->spec).range;
    std::vector<partition_offset> next;
    for (const auto& part : one->parts)
        next.push_back({part.part, part.next});
    const auto log = read_log(from, range.topic);
    auto there = log ? check_still_there(range, next, *log) : log.error();
    if (!there) {
        static_cast<void>(jobs->leave(id, runner));
        return there.error();
    }
    return work(from, *one, runner, {});
}

base::result<report> cancel(const settings& from, std::int64_t id) {
    auto jobs = job_store::open(from);
    if (!jobs) return jobs.error();
    if (auto done = jobs->cancel(id); !done) return done.error();
    return report{
        {{"job", id}, {"state", "cancelled"}},
        fmt::format("Job {} is cancelled; what it has written stays. A process that works "
                    "on it stops at its next batch.\n",
                    id)};
}

base::result<report> list(const settings& from) {
    auto jobs = job_store::open(from);
    if (!jobs) return jobs.error();
    const auto all = jobs->list();
    if (!all) return all.error();
    return tell_jobs(*all);
}

base::result<report> empty_staging(const settings& from) {
    auto on = open_database(from, &settings::migrate_url, no_deadline);
    if (!on) return on.error();
    if (auto owner = become_owner(*on); !owner) return owner.error();
    if (auto done = on->exec(sql::empty_staging); !done) return done.error();
    return report{{{"emptied", "nd.events_staging"}}, "nd.events_staging is empty.\n"};
}

}  // namespace

void add_replay(command_line& line) {
    const auto words = std::make_shared<replay_words>();
    auto replay =
        line.add("replay", "store a range of a topic again; what is there stays as it is",
                 [words](const settings& from) { return run_replay_command(from, *words); });
    add_range(replay, words->range);
    replay.text(words->topic, "--topic", "nd.events.v1 or nd.import.v1 [nd.events.v1]");
    replay.text(words->tenant, "--tenant", "only this tenant's records");
    replay.text(words->name, "--name", "only events of this name");
    replay.text(words->into, "--into", "events, or staging: nd.events_staging [events]");
    replay.number(words->rate, 1, 10'000'000, "--rate", "records a second at most");
    replay.number(words->lanes, 1, 64, "--lanes",
                  "partitions at a time [four per processor, 4 to 8]");
    replay.flag(words->dry_run, "--dry-run", "only say what would change, by tenant and hour");
    replay.flag(words->force, "--force", "bring back events of weeks that were dropped, too");
    line.add("replay list", "all jobs, imports too", list);
    const auto one = [&line](const char* name, const char* summary, auto run) {
        const auto id = std::make_shared<std::int64_t>(0);
        auto made =
            line.add(name, summary, [id, run](const settings& from) { return run(from, *id); });
        made.number(*id, 1, std::numeric_limits<std::int64_t>::max(), "JOB", "its number",
                    needed::yes);
    };
    one("replay resume", "go on with a job that was stopped or killed", resume);
    one("replay cancel", "end a job where it is", cancel);
    line.add("replay empty-staging", "remove everything from nd.events_staging", empty_staging);
}

}  // namespace nd::ops
