#include "ops/job_store.hpp"

#include "base/random.hpp"
#include "ops/writer_connection.hpp"
#include "sql/queries/add_job_part.hpp"
#include "sql/queries/advance_job.hpp"
#include "sql/queries/beat_job.hpp"
#include "sql/queries/cancel_job.hpp"
#include "sql/queries/create_job.hpp"
#include "sql/queries/finish_job.hpp"
#include "sql/queries/leave_job.hpp"
#include "sql/queries/list_job_parts.hpp"
#include "sql/queries/list_jobs.hpp"
#include "sql/queries/take_job.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <thread>

namespace nd::ops {
namespace {

base::error refused(std::string detail) {
    return base::failure(base::errc::refused, std::move(detail));
}

std::uint64_t digest_of(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

job_part part_of(const base::pg::row& row) {
    return {static_cast<std::int32_t>(row.integer("part")),
            row.integer("begin_at"),
            row.optional_integer("end_at"),
            row.integer("next_at"),
            {row.integer("read"), row.integer("written"), row.integer("dead"),
             row.integer("erased"), row.integer("expired"), digest_of(row.text("log_digest")),
             digest_of(row.text("table_digest"))}};
}

}  // namespace

std::string make_runner() {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host = {"?"};
    std::array<std::uint8_t, 4> random{};
    base::fill_random(random);
    return fmt::format("{}:{}:{:02x}{:02x}{:02x}{:02x}", host.data(), ::getpid(), random[0],
                       random[1], random[2], random[3]);
}

base::result<job_store> job_store::open(const settings& from) {
    auto on = open_writer(from);
    if (!on) return on.error();
    return job_store(std::move(*on));
}

base::result<std::int64_t> job_store::create(std::string_view kind, const boost::json::object& spec,
                                             const std::string& runner,
                                             const std::vector<job_part>& parts) {
    auto inside = base::pg::transaction::begin(db_);
    if (!inside) return inside.error();
    const auto made = inside->exec(sql::create_job, kind, boost::json::serialize(spec), runner);
    if (!made) return made.error();
    const auto id = (*made)[0].integer("job_id");
    for (const auto& part : parts) {
        const auto added = inside->exec(sql::add_job_part, id, part.part, part.begin, part.end);
        if (!added) return added.error();
    }
    if (auto done = inside->commit(); !done) return done.error();
    return id;
}

base::result<std::vector<job>> job_store::read(std::optional<std::int64_t> id) {
    const auto rows = db_.exec(sql::list_jobs, id);
    if (!rows) return rows.error();
    std::vector<job> all;
    for (const auto row : *rows) {
        job one{row.integer("job_id"),
                std::string(row.text("kind")),
                boost::json::parse(std::string(row.text("spec"))).as_object(),
                std::string(row.text("state")),
                std::string(row.text("runner")),
                row.integer("silent_s"),
                std::string(row.text("created_at")),
                row.optional_text("ended_at"),
                {}};
        const auto parts = db_.exec(sql::list_job_parts, one.id);
        if (!parts) return parts.error();
        for (const auto part : *parts)
            one.parts.push_back(part_of(part));
        all.push_back(std::move(one));
    }
    return all;
}

base::result<job> job_store::find(std::int64_t id) {
    auto found = read(id);
    if (!found) return found.error();
    if (found->empty()) {
        return base::failure(base::errc::not_found,
                             fmt::format("there is no job {}: ndctl replay list", id));
    }
    return std::move(found->front());
}

base::result<std::vector<job>> job_store::list() {
    return read(std::nullopt);
}

base::result<job> job_store::take(std::int64_t id, std::string_view kind,
                                  const std::string& runner) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(job_lease_s + 1);
    while (true) {
        auto found = find(id);
        if (!found) return found;
        if (found->kind != kind) {
            return refused(
                fmt::format("job {0} is no {1}: ndctl {2} {0} goes on with it", id, kind,
                            found->kind == "import" ? "import --resume" : "replay resume"));
        }
        if (found->state != "running")
            return refused(fmt::format("job {} is {}", id, found->state));
        const auto taken = db_.exec(sql::take_job, id, runner, job_lease_s);
        if (!taken) return taken.error();
        if (!taken->empty()) return find(id);
        if (std::chrono::steady_clock::now() > until) {
            return refused(
                fmt::format("job {} is in the hands of {}, which is alive: stop that "
                            "one, or cancel the job",
                            id, found->runner));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
}

base::result<> job_store::beat(std::int64_t id, const std::string& runner) {
    const auto beaten = db_.exec(sql::beat_job, id, runner);
    if (!beaten) return beaten.error();
    if (!beaten->empty()) return {};
    return refused(fmt::format("job {} was cancelled, or another process took it over", id));
}

base::result<> job_store::leave(std::int64_t id, const std::string& runner) {
    const auto left = db_.exec(sql::leave_job, id, runner);
    return left ? base::result<>() : left.error();
}

base::result<> job_store::finish(std::int64_t id, const std::string& runner) {
    const auto done = db_.exec(sql::finish_job, id, runner);
    if (!done) return done.error();
    if (!done->empty()) return {};
    return refused(fmt::format("job {} was cancelled, or another process took it over", id));
}

base::result<> job_store::cancel(std::int64_t id) {
    const auto found = find(id);
    if (!found) return found.error();
    const auto done = db_.exec(sql::cancel_job, id);
    if (!done) return done.error();
    if (!done->empty()) return {};
    return refused(fmt::format("job {} is {} already", id, found->state));
}

base::result<> advance(base::pg::connection& on, std::int64_t id, const std::string& runner,
                       std::int32_t part, std::int64_t expected, std::int64_t next,
                       const job_counts& more) {
    const auto moved =
        on.exec(sql::advance_job, id, runner, part, expected, next, more.read, more.dead,
                more.erased, more.expired, more.log_digest, more.table_digest);
    if (moved) return {};
    if (moved.error().sqlstate == "ND010") return refused(moved.error().detail);
    return moved.error();
}

}  // namespace nd::ops
