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
constexpr std::chrono::seconds complain_every{10};

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
    health_.joined(ours_.size());
    metrics_.assigned(ours_.size());
    base::log::info("partitions assigned", {{"partitions", fmt::format("{}", ours_)}});
}

void source::on_revoked() {
    if (!ours_.empty()) base::log::info("partitions revoked", {{"count", ours_.size()}});
    ++epoch_;
    for (const auto& one : positions_.all())
        metrics_.lag(one.partition, 0);
    positions_.clear();
    ours_.clear();
    health_.left_group();
    health_.no_partition_stopped();
    metrics_.assigned(0);
    metrics_.stopped(0);
}

base::result<> source::place(std::span<const base::kafka_position> progress) {
    const auto committed = consumer_->committed(ours_, kafka_answer);
    if (!committed) return committed.error();
    positions_.clear();
    health_.no_partition_stopped();
    for (std::size_t i = 0; i < ours_.size(); ++i) {
        const auto partition = ours_[i];
        const auto log = consumer_->log_bounds(partition, kafka_answer);
        if (!log) return log.error();
        const auto start = start_at(offset_of(progress, partition), (*committed)[i], *log);
        positions_.start(partition, start, log->end);
        base::log::debug("partition placed", {{"partition", partition}, {"offset", start.offset}});
        if (!start.stopped.empty()) stop(partition, start.stopped);
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

void source::show_lag() {
    for (auto& one : positions_.all()) {
        const auto end = consumer_->known_end(one.partition);
        if (end) one.log_end = std::max(one.log_end, *end);
        metrics_.lag(one.partition, std::max<std::int64_t>(0, one.log_end - one.done));
    }
}

}  // namespace nd::workers
