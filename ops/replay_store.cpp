#include "ops/replay_store.hpp"

#include "ops/writer_connection.hpp"
#include "sql/queries/replay_check.hpp"
#include "sql/queries/replay_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace nd::ops {
namespace {

// Of one CALL, as the writer's own.
constexpr std::chrono::milliseconds call_deadline{60'000};

// A sum of signed 64-bit numbers, as Postgres prints it, modulo 2^64: digit by digit, because it
// may be longer than any number of ours.
std::uint64_t modular(std::string_view decimal) {
    const bool negative = decimal.starts_with('-');
    std::uint64_t value = 0;
    for (const char c : decimal.substr(negative ? 1 : 0))
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return negative ? ~value + 1 : value;
}

base::error taken_away(base::error e) {
    if (e.sqlstate == "ND010") e.code = base::errc::refused;
    return e;
}

std::vector<std::int64_t> without(std::span<const std::int64_t> all,
                                  std::vector<std::int64_t> out) {
    std::sort(out.begin(), out.end());
    std::vector<std::int64_t> rest;
    std::set_difference(all.begin(), all.end(), out.begin(), out.end(), std::back_inserter(rest));
    return rest;
}

}  // namespace

base::result<replay_store> replay_store::open(const settings& from, bool staging,
                                              const std::string& pepper,
                                              const std::string& checked_place) {
    auto on = open_writer(from, checked_place);
    if (!on) return on.error();
    on->set_deadline(call_deadline);
    return replay_store(std::move(*on), staging, pepper);
}

base::result<looked_up> replay_store::look_up(const replay_batch& batch) {
    if (batch.keys() == 0) return looked_up{};
    const auto& keys = batch.all_keys();
    const auto ask = [&](const base::pg::param& users, const base::pg::param& hash_key) {
        return db_.exec(sql::replay_check, keys.tenants, keys.lo, keys.hi, keys.row_tenants,
                        keys.event_ids, keys.occurred, keys.received, staging_,
                        schema::to_string(schema::instant{batch.oldest_us()}), users, hash_key);
    };
    auto answer = ask(nullptr, nullptr);
    if (answer && (*answer)[0].boolean("wants_hashes")) {
        std::vector<std::int64_t> places(batch.keys());
        std::iota(places.begin(), places.end(), 1);
        batch.fill_users(places, scanner_, hasher_, users_);
        answer = ask(users_, std::span<const std::uint8_t>(hasher_.id()));
    }
    if (!answer) return answer.error();
    const auto row = (*answer)[0];
    looked_up found{row.integers("missing"), row.integers("erased"),
                    modular(row.text("there_digest"))};
    std::sort(found.missing.begin(), found.missing.end());
    return found;
}

base::result<base::pg::rows> replay_store::call_store(const replay_batch& batch,
                                                      std::span<const std::int64_t> places,
                                                      const job_hold& hold, bool with_users) {
    batch.fill(places, scanner_, keys_, values_);
    if (with_users) batch.fill_users(places, scanner_, hasher_, users_);
    const auto users = with_users ? base::pg::param(users_) : base::pg::param(nullptr);
    const auto hash_key = with_users ? base::pg::param(std::span<const std::uint8_t>(hasher_.id()))
                                     : base::pg::param(nullptr);
    return db_.exec(sql::replay_events, keys_.tenants, keys_.lo, keys_.hi, keys_.row_tenants,
                    keys_.event_ids, keys_.occurred, keys_.received, values_.environments,
                    values_.names, values_.sessions, values_.users, values_.pages,
                    values_.properties, staging_,
                    schema::to_string(schema::instant{batch.oldest_us()}), users, hash_key,
                    hold.job, hold.runner, hold.part);
}

base::result<replay_outcome> replay_store::store(const replay_batch& batch,
                                                 std::span<const std::int64_t> places,
                                                 const job_hold& hold) {
    replay_outcome outcome;
    std::vector<std::int64_t> left(places.begin(), places.end());
    bool with_users = false;
    while (!left.empty()) {
        const auto answer = call_store(batch, left, hold, with_users);
        if (!answer) return taken_away(answer.error());
        const auto row = (*answer)[0];
        if (row.boolean("wants_hashes")) {
            with_users = true;
            continue;
        }
        const auto place_of = [&left](std::int64_t ordinal) {
            return left.at(static_cast<std::size_t>(ordinal) - 1);
        };
        std::vector<std::int64_t> erased;
        for (const auto ordinal : row.integers("erased"))
            erased.push_back(place_of(ordinal));
        if (!erased.empty()) {
            left = without(left, erased);
            outcome.erased.insert(outcome.erased.end(), erased.begin(), erased.end());
            std::sort(outcome.erased.begin(), outcome.erased.end());
            continue;
        }
        outcome.written = row.integer("written");
        outcome.table_digest = modular(row.text("table_digest"));
        const auto ordinals = row.integers("bad_rows");
        const auto states = row.texts("bad_states");
        const auto reasons = row.texts("bad_reasons");
        for (std::size_t i = 0; i < ordinals.size(); ++i) {
            outcome.refused.emplace_back(
                place_of(ordinals[i]),
                fmt::format("postgres_{}: {}", states.at(i).substr(0, 2), reasons.at(i)));
        }
        return outcome;
    }
    return outcome;
}

base::result<> replay_store::advance(const job_hold& hold, std::int64_t expected, std::int64_t next,
                                     const job_counts& more) {
    return ops::advance(db_, hold.job, hold.runner, hold.part, expected, next, more);
}

}  // namespace nd::ops
