#include "workers/store.hpp"

#include "sql/isolation.hpp"
#include "sql/queries/read_progress.hpp"
#include "sql/queries/store_events.hpp"
#include "workers/receipt_notes.hpp"

#include <fmt/format.h>

namespace nd::workers {
namespace {

// Of one CALL: far beyond the time of the largest batch, so that only a server that hangs meets it.
// What such a server does with the batch later is harmless: the rows are idempotent.
constexpr std::chrono::milliseconds call_deadline{60'000};
// Of everything else, which is small: a stop waits for it.
constexpr std::chrono::milliseconds question_deadline{8'000};

// Of the erased in one batch: each round needs a new tombstone while the batch is on its way.
constexpr int tombstone_rounds = 8;

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

base::result<pg_store::said> pg_store::read_answer(const base::pg::rows& answer,
                                                   const grouping& groups) const {
    const auto sent = groups.order.size();
    const auto row = answer[0];
    said outcome{{row.integer("inserted"), row.integer("duplicates"), row.integer("conflicts"), {}},
                 row.boolean("wants_hashes"),
                 {}};
    for (const auto place : row.integers("erased_rows"))
        outcome.erased.push_back(groups.order.at(static_cast<std::size_t>(place) - 1));
    const auto ordinals = row.integers("bad_rows");
    const auto states = row.texts("bad_states");
    auto reasons = row.texts("bad_reasons");
    const auto sum = outcome.rows.inserted + outcome.rows.duplicates + outcome.rows.conflicts +
                     static_cast<std::int64_t>(ordinals.size());
    const bool asks_back = outcome.wants_hashes || !outcome.erased.empty();
    if (sum != (asks_back ? 0 : static_cast<std::int64_t>(sent)) ||
        states.size() != ordinals.size() || reasons.size() != ordinals.size()) {
        return base::failure(base::errc::internal,
                             fmt::format("nd.store_events answered for {} of {} rows", sum, sent));
    }
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        const auto place = static_cast<std::size_t>(ordinals[i]) - 1;
        outcome.rows.refused.push_back({groups.order.at(place), states[i], std::move(reasons[i])});
    }
    return outcome;
}

base::result<stored> pg_store::store(const parcel& load, bool advance) {
    return store_allowed(load, load.groups, load.columns, advance);
}

base::result<> pg_store::store_rest(const parcel& load, std::span<const refused_row> elsewhere) {
    receipt_notes dead;
    for (const auto& letter : load.records.unreadable())
        dead.add(letter);
    std::vector<std::uint32_t> out;
    for (const auto& refused : elsewhere) {
        out.push_back(refused.row);
        dead.add(load.records.rows()[refused.row], hasher_);
    }
    if (!db_) return base::failure(base::errc::unavailable, "not connected to Postgres");
    if (auto noted = dead.write(*db_, "dead"); !noted) return noted.error();
    const auto groups = without(load.groups, out);
    row_columns columns;
    columns.fill(load.records.rows(), groups);
    const auto done = store_allowed(load, groups, columns, true);
    if (!done) return done.error();
    if (done->refused.empty()) return {};
    return base::failure(
        base::errc::unavailable,
        "rows are refused now that were stored a moment ago: " + done->refused.front().reason);
}

base::result<stored> pg_store::store_allowed(const parcel& load, const grouping& groups,
                                             const row_columns& columns, bool advance) {
    auto answer = call(load, groups, columns, advance, hashes::left_out);
    if (!answer) return answer.error();
    if (!answer->wants_hashes) return std::move(answer->rows);
    return store_without_erased(load, groups, advance);
}

base::result<stored> pg_store::store_without_erased(const parcel& load, const grouping& groups,
                                                    bool advance) {
    auto left = groups;
    std::int64_t erased = 0;
    for (int round = 0; round < tombstone_rounds; ++round) {
        row_columns columns;
        columns.fill(load.records.rows(), left);
        auto answer = call(load, left, columns, advance, hashes::sent);
        if (!answer) return answer.error();
        if (answer->erased.empty()) {
            answer->rows.erased = erased;
            return std::move(answer->rows);
        }
        receipt_notes notes;
        for (const auto index : answer->erased)
            notes.add(load.records.rows()[index], hasher_);
        if (auto noted = notes.write(*db_, "erased"); !noted) return noted.error();
        erased += static_cast<std::int64_t>(answer->erased.size());
        left = without(left, answer->erased);
    }
    return base::failure(base::errc::unavailable, "persons are being erased one after the other");
}

base::result<pg_store::said> pg_store::call(const parcel& load, const grouping& groups,
                                            const row_columns& c, bool advance, hashes with) {
    if (!db_) return base::failure(base::errc::unavailable, "not connected to Postgres");
    const auto rows = load.records.rows();
    progress_.fill(load.records.covers(), advance);
    receipts_.clear();
    if (load.records.has_receipts()) receipts_.fill(rows, groups, hasher_);
    base::pg::bytea_array persons;
    if (with == hashes::sent) {
        for (const auto index : groups.order)
            add_user_hash(persons, rows[index], hasher_);
    }
    const auto sent_persons =
        with == hashes::sent ? base::pg::param(persons) : base::pg::param(nullptr);
    const auto& r = receipts_;
    db_->set_deadline(call_deadline);
    const auto answer = db_->exec(
        sql::store_events, c.tenants, c.lo, c.hi, c.row_tenants, c.event_ids, c.occurred,
        c.received, c.environments, c.names, c.sessions, c.users, c.pages, c.properties, cluster_,
        topic_, progress_.partitions, progress_.expected, progress_.next,
        to_string(load.records.oldest()), sent_persons, std::span<const std::uint8_t>(hasher_.id()),
        r.lo, r.hi, r.rows, r.requests, r.places, r.users);
    db_->set_deadline(question_deadline);
    if (!answer) return answer.error();
    return read_answer(*answer, groups);
}

}  // namespace nd::workers
