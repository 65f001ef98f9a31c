#include "ops/replay_lane.hpp"

#include "base/log.hpp"
#include "base/retry.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <thread>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// A batch is stored at the latest then, so that the place behind it is remembered, also where few
// records of a range are meant.
constexpr auto longest_collecting = 2s;
// The live writer goes first, but a replay beside a writer that never catches up ends some day.
constexpr auto longest_giving_way = 5s;
constexpr auto try_again_for = 60s;
constexpr int tries_at_once = 5;
constexpr std::size_t most_dead_shown = 100;

}  // namespace

base::result<> replay_lane::run() {
    while (!shared_.stop) {
        job_part part;
        {
            const std::lock_guard lock(shared_.mutex);
            if (shared_.waiting.empty()) return {};
            part = shared_.waiting.back();
            shared_.waiting.pop_back();
        }
        if (auto done = run_part(part); !done) return done;
    }
    return {};
}

base::result<> replay_lane::run_part(const job_part& part) {
    hold_ = shared_.hold;
    hold_.part = part.part;
    auto reader = record_reader::open(shared_.from, shared_.spec.range.topic,
                                      {part.part, part.next, part.end.value_or(part.next)});
    if (!reader) return reader.error();
    while (!(*reader)->done() && !shared_.stop) {
        const auto expected = (*reader)->position();
        if (auto read = collect(**reader); !read) return read;
        hold_back();
        if (shared_.stop) return {};
        if (auto stored = store_patiently(expected, (*reader)->position()); !stored) return stored;
        shared_.passed += (*reader)->position() - expected;
    }
    return {};
}

base::result<> replay_lane::collect(record_reader& reader) {
    batch_.clear();
    const auto until = clock::now() + longest_collecting;
    // A slow replay in small steps: each is a second of what it may.
    const auto most =
        shared_.spec.rate > 0 ? shared_.spec.rate : std::numeric_limits<std::int64_t>::max();
    while (!batch_.full() && batch_.counts().read < most && !reader.done() && !shared_.stop &&
           clock::now() < until) {
        auto read = reader.read(100ms, [this](const base::kafka_received& record) {
            if (shared_.spec.range.holds(record.timestamp_ms()))
                batch_.take(schema::raw_of(record), shared_.filter, scanner_);
        });
        if (!read) return read;
    }
    batch_.seal();
    return {};
}

void replay_lane::hold_back() {
    const auto started = clock::now();
    const auto until = started + shared_.speed.take(batch_.counts().read, started);
    while (!shared_.stop &&
           (clock::now() < until ||
            (shared_.speed.gives_way() && clock::now() - started < longest_giving_way))) {
        std::this_thread::sleep_for(5ms);
    }
}

base::result<> replay_lane::store_patiently(std::int64_t expected, std::int64_t next) {
    base::backoff wait(100ms, 5000ms);
    std::minstd_rand random{std::random_device{}()};
    const auto until = clock::now() + try_again_for;
    auto stored = store_once(expected, next);
    for (int tries = 0; !stored && !shared_.stop; ++tries) {
        const auto code = stored.error().code;
        const bool conflict = code == base::errc::conflict && tries < tries_at_once;
        const bool away = code == base::errc::unavailable && clock::now() < until;
        if (!conflict && !away) return stored;
        base::log::warning("not stored, to be tried again", {{"detail", stored.error().detail}});
        if (away) {
            store_.reset();
            std::this_thread::sleep_for(wait.next(random));
        }
        stored = store_again(expected, next);
    }
    return stored;
}

// The answer may have been lost, and not the work.
base::result<> replay_lane::store_again(std::int64_t expected, std::int64_t next) {
    const auto there = was_stored(next);
    if (!there) return there.error();
    return *there ? base::result<>() : store_once(expected, next);
}

base::result<bool> replay_lane::was_stored(std::int64_t next) {
    if (shared_.dry_run) return false;
    auto jobs = job_store::open(shared_.from);
    if (!jobs) return jobs.error();
    const auto found = jobs->find(hold_.job);
    if (!found) return found.error();
    return std::ranges::any_of(found->parts, [this, next](const job_part& part) {
        return part.part == hold_.part && part.next == next;
    });
}

base::result<> replay_lane::store_once(std::int64_t expected, std::int64_t next) {
    if (!store_) {
        auto opened = replay_store::open(shared_.from, shared_.spec.staging, shared_.pepper,
                                         shared_.checked_place);
        if (!opened) return opened.error();
        store_.emplace(std::move(*opened));
    }
    const auto seen = store_->look_up(batch_);
    if (!seen) return seen.error();
    auto counts = batch_.counts();
    auto dead = std::vector<dead_record>(batch_.dead().begin(), batch_.dead().end());
    counts.erased = batch_.records_at(seen->erased);
    counts.log_digest = batch_.digest() - batch_.digest_of(seen->erased);
    counts.table_digest = seen->there_digest;
    if (shared_.dry_run) {
        note_dead(dead);
        note_dry(*seen, counts);
        return {};
    }
    const auto outcome = store_->store(batch_, seen->missing, hold_);
    if (!outcome) return outcome.error();
    counts.erased += batch_.records_at(outcome->erased);
    counts.log_digest -= batch_.digest_of(outcome->erased);
    counts.table_digest += outcome->table_digest;
    for (const auto& [place, reason] : outcome->refused) {
        const std::int64_t only[] = {place};
        counts.dead += batch_.records_at(only);
        counts.log_digest -= batch_.digest_of(only);
        dead.push_back(batch_.dead_at(place, reason));
    }
    if (auto moved = store_->advance(hold_, expected, next, counts); !moved) return moved;
    note_dead(dead);
    shared_.read += counts.read;
    return {};
}

void replay_lane::note_dead(const std::vector<dead_record>& more) {
    const std::lock_guard lock(shared_.mutex);
    for (const auto& one : more) {
        if (shared_.dead.size() < most_dead_shown) shared_.dead.push_back(one);
    }
}

void replay_lane::note_dry(const looked_up& seen, const job_counts& counts) {
    shared_.read += counts.read;
    const std::lock_guard lock(shared_.mutex);
    batch_.count_hours(seen.missing, seen.erased, shared_.hours);
    auto would = counts;
    would.written = static_cast<std::int64_t>(seen.missing.size());
    shared_.counts += would;
}

}  // namespace nd::ops
