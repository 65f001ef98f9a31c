#include "workers/writer.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

#include <utility>

namespace nd::workers {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = 50ms;      // the longest time in which a stop or a report is not seen
constexpr auto hold_after = 3s;  // a full batch waits this long before fetching stops
constexpr auto look_every = 5s;  // whether the database is still the one, busy or idle
constexpr auto locate_again_after = 1s;
constexpr int records_per_step = 256;

std::string spans(std::span<const covered> covers) {
    std::string text;
    for (const auto& c : covers) {
        text += fmt::format("{}{}:{}-{}", text.empty() ? "" : ",", c.partition, c.begin, c.next);
    }
    return text;
}

}  // namespace

writer::writer(writer_settings settings, source& from, lane& stores, health& state,
               writer_metrics& counts)
    : settings_(std::move(settings)),
      source_(from),
      lane_(stores),
      health_(state),
      metrics_(counts),
      limits_(settings_.batch) {}

base::result<> writer::run(const std::function<bool()>& stop) {
    if (auto joined = source_.join(settings_.consumer); !joined) return joined;
    health_.running();
    base::log::info("running", {{"topic", settings_.consumer.topic}});
    while (!stop()) {
        if (auto done = step(); !done) return done;
    }
    return {};
}

base::result<> writer::step() {
    if (source_.epoch() != epoch_) begin_epoch();
    if (lane_.reported()) {
        if (auto done = take_report(0ms); !done) return done;
    }
    if (clock::now() - lag_shown_at_ > 1s) {
        lag_shown_at_ = clock::now();
        source_.show_lag(phase_ == phase::fetching);
    }
    if (phase_ == phase::must_locate && lane_.idle() && clock::now() >= locate_at_) {
        phase_ = phase::locating;
        ask_progress();
    }
    if (phase_ == phase::fetching || phase_ == phase::held) return fetch_and_send();
    // Without a partition too: a writer in reserve must know whether it could store.
    if (phase_ == phase::nothing_to_read) look_sometimes();
    const auto polled = source_.poll(tick, filling_->records);
    if (!polled) return polled.error();
    return {};
}

// The batch that is being stored may finish: what it records was done. It is not committed, because
// its epoch is over.
void writer::begin_epoch() {
    epoch_ = source_.epoch();
    lane_.cancel();
    drop_in_hand();
    phase_ = source_.has_partitions() ? phase::must_locate : phase::nothing_to_read;
    locate_at_ = clock::now();
}

void writer::ask_progress() {
    asked_in_epoch_ = epoch_;
    looked_at_ = clock::now();
    lane_.read_progress();
}

// Behind a pooler the database can become a restored copy without an error: its progress tells,
// also that of a partition that has no records now.
void writer::look_sometimes() {
    if (lane_.idle() && clock::now() - looked_at_ > look_every) ask_progress();
}

void writer::drop_in_hand() {
    filling_->records.clear();
    sealed_ = false;
}

base::result<> writer::fetch_and_send() {
    if (sealed_ && !lane_.idle()) {
        if (auto done = take_report(tick); !done) return done;
    } else if (!sealed_) {
        if (auto done = fill(); !done) return done;
    }
    // A rebalance or a restart in between: what is in hand is not ours any more.
    if (source_.epoch() != epoch_ || (phase_ != phase::fetching && phase_ != phase::held)) {
        return {};
    }
    if (!sealed_ && is_full(filling_->records, limits_)) seal();
    look_sometimes();
    if (lane_.idle() && (sealed_ || is_due())) send();
    return hold_or_resume();
}

base::result<> writer::fill() {
    auto& records = filling_->records;
    if (records.empty()) limits_ = limits_for(settings_.batch, source_.backlog());
    auto wait = records.empty() ? std::chrono::milliseconds(tick) : 5ms;
    for (int i = 0; i < records_per_step && !is_full(records, limits_); ++i) {
        const bool was_empty = records.empty();
        const auto more = source_.poll(wait, records);
        if (!more) return more.error();
        if (!*more) return {};
        if (was_empty) first_record_at_ = clock::now();
        wait = 0ms;
    }
    return {};
}

bool writer::is_due() const {
    return !filling_->records.empty() && clock::now() - first_record_at_ >= settings_.batch_wait;
}

void writer::seal() {
    group(filling_->records.rows(), filling_->groups);
    filling_->columns.fill(filling_->records.rows(), filling_->groups);
    filling_->epoch = epoch_;
    filling_->topic = settings_.consumer.topic;
    filling_->number = ++number_;
    sealed_ = true;
    sealed_at_ = clock::now();
}

void writer::send() {
    if (!sealed_) seal();
    const auto& records = filling_->records;
    source_.sent(records.covers());
    base::log::debug("batch sent", {{"batch", filling_->number},
                                    {"records", records.records()},
                                    {"tenants", filling_->groups.slices.size()},
                                    {"offsets", spans(records.covers())}});
    lane_.store(std::exchange(filling_, std::move(spare_)));
    if (!filling_) filling_ = std::make_unique<parcel>();
    drop_in_hand();
}

// A full batch that waits for Postgres: after a while nothing more is fetched, but the group is
// still polled, or it would take the partitions away.
base::result<> writer::hold_or_resume() {
    if (phase_ == phase::held && !sealed_) {
        phase_ = phase::fetching;
        return source_.resume();
    }
    if (phase_ == phase::held) {
        const auto polled = source_.poll(0ms, filling_->records);
        return polled ? base::result<>() : polled.error();
    }
    if (sealed_ && (lane_.is_parked() || clock::now() - sealed_at_ > hold_after)) {
        phase_ = phase::held;
        base::log::debug("fetching stops until Postgres has taken what is here");
        return source_.pause();
    }
    return {};
}

base::result<> writer::take_report(std::chrono::milliseconds longest) {
    auto report = lane_.take(longest);
    if (!report) return {};
    const auto of = report->load ? report->load->epoch : asked_in_epoch_;
    const bool current = of == source_.epoch();
    base::result<> done;
    if (current) {
        switch (report->kind) {
            case lane_report::what::stored: on_stored(*report->load); break;
            case lane_report::what::progress: done = on_progress(report->progress); break;
            case lane_report::what::restart: done = read_again("a batch was not stored"); break;
            case lane_report::what::dropped: break;
        }
    }
    if (report->load) spare_ = std::move(report->load);
    return done;
}

void writer::on_stored(const parcel& load) {
    const auto covers = load.records.covers();
    source_.stored(covers);
    base::log::debug("batch stored", {{"batch", load.number}, {"offsets", spans(covers)}});
}

base::result<> writer::on_progress(std::span<const base::kafka_position> progress) {
    if (phase_ != phase::locating) {
        if (!source_.beyond(progress)) {
            return phase_ == phase::fetching ? source_.place_missing(progress) : base::result<>();
        }
        base::log::warning("the database knows less than was stored: it is an older copy");
        return read_again("the database is an older copy");
    }
    auto placed = source_.place(progress);
    if (placed) {
        phase_ = phase::fetching;
        return {};
    }
    if (placed.error().code == base::errc::internal) return placed;
    base::log::warning("cannot tell where to read from yet", {{"detail", placed.error().detail}});
    phase_ = phase::must_locate;
    locate_at_ = clock::now() + locate_again_after;
    return {};
}

base::result<> writer::read_again(const char* why) {
    base::log::info("reading again from the stored progress", {{"why", why}});
    metrics_.read_again(why);
    drop_in_hand();
    phase_ = phase::must_locate;
    locate_at_ = clock::now();
    return source_.pause();
}

void writer::finish(std::chrono::milliseconds longest) {
    health_.draining();
    if (!lane_.idle()) {
        lane_.cancel();
        static_cast<void>(take_report(longest));
    }
    drop_in_hand();
    source_.leave();
}

}  // namespace nd::workers
