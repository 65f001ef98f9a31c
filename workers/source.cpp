#include "workers/source.hpp"

#include "base/log.hpp"
#include "workers/poll.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace nd::workers {
namespace {

constexpr std::chrono::seconds kafka_answer{3};
constexpr std::chrono::milliseconds hurried_answer{300};  // where others must not wait for it
constexpr std::chrono::seconds complain_every{10};
constexpr std::chrono::seconds ask_ends_every{10};

std::optional<std::int64_t> offset_of(std::span<const base::kafka_position> all,
                                      std::int32_t partition) {
    for (const auto& one : all) {
        if (one.partition == partition) return one.offset;
    }
    return std::nullopt;
}

}  // namespace

base::result<> source::join(const base::kafka_consumer_settings& settings) {
    auto opened = base::kafka_consumer::open(
        settings, {[this](const std::vector<std::int32_t>& partitions) { on_assigned(partitions); },
                   [this] { on_revoked(); }});
    if (!opened) return opened.error();
    consumer_ = std::move(*opened);
    return {};
}

void source::leave() {
    if (consumer_) consumer_->close();
}

void source::on_assigned(const std::vector<std::int32_t>& partitions) {
    on_revoked();
    ours_ = partitions;
    unplaced_ = partitions;
    for (auto& [partition, shown] : lag_) {
        if (std::ranges::find(ours_, partition) == ours_.end()) metrics_.lag(partition, 0);
    }
    std::erase_if(
        lag_, [&](const auto& one) { return std::ranges::find(ours_, one.first) == ours_.end(); });
    health_.joined(ours_.size());
    metrics_.assigned(ours_.size());
    base::log::info("partitions assigned", {{"partitions", fmt::format("{}", ours_)}});
}

void source::on_revoked() {
    if (!ours_.empty()) base::log::info("partitions revoked", {{"count", ours_.size()}});
    ++epoch_;
    positions_.clear();
    ours_.clear();
    unplaced_.clear();
    health_.left_group();
    health_.no_partition_stopped();
    metrics_.assigned(0);
    metrics_.stopped(0);
}

base::result<> source::place(std::span<const base::kafka_position> progress) {
    positions_.clear();
    unplaced_ = ours_;
    return place_those(progress, kafka_answer);
}

base::result<> source::place_missing(std::span<const base::kafka_position> progress) {
    if (unplaced_.empty()) return {};
    auto placed = place_those(progress, hurried_answer);
    // Asking them must not stop the others; the next look asks again.
    return placed || placed.error().code == base::errc::internal ? placed : base::result<>();
}

base::result<> source::place_those(std::span<const base::kafka_position> progress,
                                   std::chrono::milliseconds patience) {
    const auto committed = consumer_->committed(unplaced_, patience);
    if (!committed) return committed.error();
    std::vector<std::int32_t> silent;
    base::error last;
    for (std::size_t i = 0; i < unplaced_.size(); ++i) {
        const auto partition = unplaced_[i];
        const auto log = consumer_->log_bounds(partition, patience);
        if (!log) {
            if (log.error().code == base::errc::internal) return log.error();
            silent.push_back(partition);
            last = log.error();
            patience = hurried_answer;
            health_.partition_stopped(partition, "its leader does not answer");
            continue;
        }
        health_.partition_goes_on(partition);
        const auto start = start_at(offset_of(progress, partition), (*committed)[i], *log);
        positions_.start(partition, start, log->end);
        base::log::debug("partition placed", {{"partition", partition}, {"offset", start.offset}});
        if (!start.stopped.empty()) stop(partition, start.stopped);
    }
    const bool none_answered = silent.size() == unplaced_.size();
    unplaced_ = std::move(silent);
    if (none_answered && !unplaced_.empty()) return last;
    if (!unplaced_.empty()) {
        base::log::warning("some partitions cannot be read yet",
                           {{"partitions", fmt::format("{}", unplaced_)}, {"detail", last.detail}});
    }
    return resume();
}

base::result<bool> source::poll(std::chrono::milliseconds wait, batch& into) {
    const auto got = workers::poll(*consumer_, wait, into, positions_, scanner_);
    if (got) {
        if (got->outside_its_log) stop(*got->outside_its_log, "its offset is outside of the log");
        return got->anything;
    }
    if (got.error().code == base::errc::internal) return got.error();
    // A broker that is away says so on every poll.
    const auto now = std::chrono::steady_clock::now();
    if (now - complained_at_ > complain_every) {
        complained_at_ = now;
        base::log::warning("Kafka does not deliver", {{"detail", got.error().detail}});
    }
    return false;
}

base::result<> source::pause() {
    return consumer_->fetch_from({});
}

base::result<> source::resume() {
    return consumer_->fetch_from(positions_.fetch_list());
}

void source::stored(std::span<const covered> covers) {
    positions_.stored(covers);
    std::vector<base::kafka_position> next;
    for (const auto& c : covers)
        next.push_back({c.partition, c.next});
    if (auto sent = consumer_->commit_soon(next); !sent) {
        base::log::warning("offsets were not committed; progress in Postgres rules",
                           {{"reason", sent.error().detail}});
    }
}

void source::stop(std::int32_t partition, const std::string& why) {
    base::log::error("a partition is not read until an operator decides from where",
                     {{"partition", partition}, {"why", why}});
    positions_.stop(partition, why);
    health_.partition_stopped(partition, why);
    const auto all = positions_.all();
    const auto stopped =
        std::count_if(all.begin(), all.end(), [](const auto& one) { return !one.stopped.empty(); });
    metrics_.stopped(static_cast<std::size_t>(stopped));
}

void source::show_lag(bool fetching) {
    for (auto& one : positions_.all()) {
        const auto end = consumer_->known_end(one.partition);
        if (end) one.log_end = std::max(one.log_end, *end);
        auto& shown = lag_[one.partition];
        shown = {one.done, std::max(shown.end, one.log_end)};
    }
    if (!fetching) ask_ends();
    for (const auto& [partition, shown] : lag_)
        metrics_.lag(partition, std::max<std::int64_t>(0, shown.end - shown.done));
}

void source::ask_ends() {
    const auto now = std::chrono::steady_clock::now();
    if (now - ends_asked_at_ < ask_ends_every) return;
    ends_asked_at_ = now;
    for (auto& [partition, shown] : lag_) {
        const auto log = consumer_->log_bounds(partition, hurried_answer);
        if (!log) return;
        shown.end = std::max(shown.end, log->end);
    }
}

}  // namespace nd::workers
