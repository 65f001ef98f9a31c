#include "workers/page_taker.hpp"

#include "base/log.hpp"

#include <algorithm>

namespace nd::workers {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = 50ms;
constexpr auto company = 50ms;  // how long a page waits for others
constexpr auto kafka_answer = 3s;
constexpr auto look_every = 5s;
constexpr std::size_t most_records = 256;
constexpr std::size_t most_bytes = std::size_t{8} << 20;

std::optional<std::int64_t> offset_of(std::span<const base::kafka_position> all,
                                      std::int32_t partition) {
    const auto at = std::ranges::find(all, partition, &base::kafka_position::partition);
    return at == all.end() ? std::nullopt : std::optional(at->offset);
}

}  // namespace

page_taker::page_taker(base::kafka_consumer_settings consumer, page_store& store,
                       publish_dead publish, health& shown, enricher_metrics& counts)
    : settings_(std::move(consumer)),
      store_(store),
      publish_(std::move(publish)),
      health_(shown),
      metrics_(counts) {}

base::result<> page_taker::run(const std::function<bool()>& stop) {
    auto opened = base::kafka_consumer::open(
        settings_, {[this](const std::vector<std::int32_t>& list) { on_assigned(list); },
                    [this] { on_revoked(); }});
    if (!opened) return opened.error();
    consumer_ = std::move(*opened);
    health_.running();
    while (!stop()) {
        if (auto done = step(); !done) return done;
    }
    health_.draining();
    consumer_->close();
    return {};
}

void page_taker::on_assigned(const std::vector<std::int32_t>& partitions) {
    on_revoked();
    ours_ = partitions;
    place_at_ = clock::now();
    health_.joined(ours_.size());
    base::log::info("partitions assigned", {{"partitions", ours_.size()}});
}

void page_taker::on_revoked() {
    ours_.clear();
    positions_.clear();
    placed_ = false;
    filling_.clear();
    covers_.clear();
    health_.left_group();
    health_.no_partition_stopped();
}

base::result<> page_taker::step() {
    if (!placed_ && !ours_.empty() && clock::now() >= place_at_) {
        if (auto done = place(); !done) failed(done.error());
    }
    if (auto done = fill(); !done) return done;
    const bool is_full = filling_.records() >= most_records || filling_.bytes() >= most_bytes;
    if (!filling_.empty() && (is_full || clock::now() - first_at_ >= company)) {
        if (auto done = store(); !done) {
            if (done.error().code == base::errc::internal) return done;
            failed(done.error());
        }
    }
    look_sometimes();
    return {};
}

base::result<> page_taker::place() {
    const auto progress = store_.read_progress();
    if (!progress) return progress.error();
    const auto committed = consumer_->committed(ours_, kafka_answer);
    if (!committed) return committed.error();
    positions_.clear();
    for (std::size_t i = 0; i < ours_.size(); ++i) {
        const auto log = consumer_->log_bounds(ours_[i], kafka_answer);
        if (!log) return log.error();
        const auto start = start_at(offset_of(*progress, ours_[i]), (*committed)[i], *log);
        positions_.start(ours_[i], start, log->end);
        if (start.stopped.empty()) continue;
        base::log::error("a partition is not read until an operator decides from where",
                         {{"partition", ours_[i]}, {"why", start.stopped}});
        health_.partition_stopped(ours_[i], start.stopped);
    }
    if (auto reading = consumer_->fetch_from(positions_.fetch_list()); !reading) return reading;
    placed_ = true;
    health_.store_worked();
    health_.unparked();
    return {};
}

base::result<> page_taker::fill() {
    auto wait = filling_.empty() ? std::chrono::milliseconds(tick) : 5ms;
    while (filling_.records() < most_records && filling_.bytes() < most_bytes) {
        const auto got = consumer_->poll(wait);
        if (!got) return got.error().code == base::errc::internal ? got.error() : base::result<>();
        if (got->what() == base::kafka_received::kind::nothing) return {};
        wait = 0ms;
        if (got->what() == base::kafka_received::kind::out_of_range) {
            positions_.stop(got->partition(), "its offset is outside of the log");
            health_.partition_stopped(got->partition(), "its offset is outside of the log");
            continue;
        }
        if (!placed_ || !positions_.take(got->partition(), got->offset(), covers_)) continue;
        if (filling_.empty()) first_at_ = clock::now();
        filling_.take(schema::raw_of(*got));
    }
    return {};
}

base::result<> page_taker::store() {
    positions_.sent(covers_);
    auto stored = store_.store(filling_);
    if (!stored) return stored.error();
    const auto unreadable = filling_.unreadable();
    stored->refused.insert(stored->refused.end(), unreadable.begin(), unreadable.end());
    const auto dead = stored->refused.size();
    if (auto done = publish_refused(stored->refused); !done) return done;
    std::vector<base::kafka_position> next;
    for (const auto& one : covers_)
        next.push_back({one.partition, one.next});
    if (auto moved = store_.advance(next); !moved) return moved;
    positions_.stored(covers_);
    // A refusal is harmless: progress in Postgres rules.
    static_cast<void>(consumer_->commit_soon(next));
    metrics_.taken(stored->loads, filling_.repeated(), stored->jobs, dead);
    backoff_.reset();
    health_.store_worked();
    health_.batch_stored(std::chrono::system_clock::now());
    filling_.clear();
    covers_.clear();
    return {};
}

base::result<> page_taker::publish_refused(std::span<const dead_letter> refused) {
    if (refused.empty()) return {};
    std::vector<base::outgoing_record> records;
    for (const auto& letter : refused) {
        base::log::warning("a page is dead", {{"partition", letter.partition},
                                              {"offset", letter.offset},
                                              {"code", reason_code(letter.reason)}});
        records.push_back(to_record(letter, settings_.topic));
    }
    return publish_(records);
}

// What is in hand is read again, from the progress that is there then.
void page_taker::failed(const base::error& why) {
    base::log::warning("pages not stored, to be read again",
                       {{"sqlstate", why.sqlstate}, {"detail", why.detail}});
    health_.store_failed(why.detail, health::clock::now());
    if (why.code == base::errc::refused) health_.parked(why.detail);
    store_.disconnect();
    static_cast<void>(consumer_->fetch_from({}));
    filling_.clear();
    covers_.clear();
    placed_ = false;
    place_at_ = clock::now() + backoff_.next(random_);
}

void page_taker::look_sometimes() {
    if (clock::now() - looked_at_ < look_every) return;
    looked_at_ = clock::now();
    std::int64_t behind = 0;
    for (const auto& one : positions_.all()) {
        const auto end = consumer_->known_end(one.partition).value_or(one.log_end);
        behind += std::max<std::int64_t>(0, std::max(end, one.log_end) - one.done);
    }
    metrics_.lag(behind);
    if (!placed_ || !filling_.empty()) return;
    const auto progress = store_.read_progress();
    if (!progress) {
        failed(progress.error());
    } else if (positions_.beyond(*progress)) {
        failed(base::failure(base::errc::unavailable, "the database is an older copy"));
    }
}

}  // namespace nd::workers
