#include "workers/store.hpp"

#include "sql/isolation.hpp"
#include "sql/queries/read_progress.hpp"
#include "sql/queries/store_events.hpp"

#include <fmt/format.h>

namespace nd::workers {
namespace {

// Of one CALL: far beyond the time of the largest batch, so that only a server that hangs meets it.
// What such a server does with the batch later is harmless: the rows are idempotent.
constexpr std::chrono::milliseconds call_deadline{60'000};
// Of everything else, which is small: a stop waits for it.
constexpr std::chrono::milliseconds question_deadline{8'000};

base::result<stored> read_answer(const base::pg::rows& answer, const grouping& groups) {
    const auto sent = groups.order.size();
    const auto row = answer[0];
    stored outcome{
        row.integer("inserted"), row.integer("duplicates"), row.integer("conflicts"), {}};
    const auto ordinals = row.integers("bad_rows");
    const auto states = row.texts("bad_states");
    auto reasons = row.texts("bad_reasons");
    const auto sum = outcome.inserted + outcome.duplicates + outcome.conflicts +
                     static_cast<std::int64_t>(ordinals.size());
    if (sum != static_cast<std::int64_t>(sent) || states.size() != ordinals.size() ||
        reasons.size() != ordinals.size()) {
        return base::failure(base::errc::internal,
                             fmt::format("nd.store_events answered for {} of {} rows", sum, sent));
    }
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        const auto place = static_cast<std::size_t>(ordinals[i]) - 1;
        outcome.refused.push_back({groups.order.at(place), states[i], std::move(reasons[i])});
    }
    return outcome;
}

}  // namespace

base::result<> pg_store::connect() {
    if (db_ && db_->usable()) return {};
    auto opened = base::pg::connection::open(
        url_, {.application_name = "nd-writer", .deadline = question_deadline});
    if (!opened) return opened.error();
    if (auto safe = sql::refuse_unsafe(*opened); !safe) return safe.error();
    db_.emplace(std::move(*opened));
    return {};
}

base::result<std::vector<base::kafka_position>> pg_store::read_progress() {
    if (auto connected = connect(); !connected) return connected.error();
    const auto rows = db_->exec(sql::read_progress, cluster_, topic_);
    if (!rows) return rows.error();
    std::vector<base::kafka_position> progress;
    for (const auto row : *rows) {
        progress.push_back(
            {static_cast<std::int32_t>(row.integer("partition")), row.integer("next_offset")});
    }
    return progress;
}

base::result<stored> pg_store::store(const parcel& load, bool advance) {
    return call(load, load.groups, load.columns, advance);
}

base::result<> pg_store::store_rest(const parcel& load, std::span<const refused_row> elsewhere) {
    std::vector<std::uint32_t> out;
    for (const auto& refused : elsewhere)
        out.push_back(refused.row);
    const auto groups = without(load.groups, out);
    row_columns columns;
    columns.fill(load.records.rows(), groups);
    const auto done = call(load, groups, columns, true);
    if (!done) return done.error();
    if (done->refused.empty()) return {};
    return base::failure(
        base::errc::unavailable,
        "rows are refused now that were stored a moment ago: " + done->refused.front().reason);
}

base::result<stored> pg_store::call(const parcel& load, const grouping& groups,
                                    const row_columns& c, bool advance) {
    if (!db_) return base::failure(base::errc::unavailable, "not connected to Postgres");
    progress_.fill(load.records.covers(), advance);
    db_->set_deadline(call_deadline);
    const auto answer =
        db_->exec(sql::store_events, c.tenants, c.lo, c.hi, c.row_tenants, c.event_ids, c.occurred,
                  c.received, c.environments, c.names, c.sessions, c.users, c.pages, c.properties,
                  cluster_, topic_, progress_.partitions, progress_.expected, progress_.next);
    db_->set_deadline(question_deadline);
    if (!answer) return answer.error();
    return read_answer(*answer, groups);
}

}  // namespace nd::workers
