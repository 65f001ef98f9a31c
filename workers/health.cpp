#include "workers/health.hpp"

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace nd::workers {
namespace {

namespace json = boost::json;
constexpr std::chrono::seconds patience{10};

}  // namespace

void health::waiting_for(std::string what) {
    const std::lock_guard lock(mutex_);
    waiting_for_ = std::move(what);
}

void health::running() {
    const std::lock_guard lock(mutex_);
    waiting_for_.clear();
}

void health::draining() {
    const std::lock_guard lock(mutex_);
    draining_ = true;
}

void health::joined(std::size_t partitions) {
    const std::lock_guard lock(mutex_);
    partitions_ = partitions;
}

void health::left_group() {
    const std::lock_guard lock(mutex_);
    partitions_.reset();
}

void health::parked(std::string why) {
    const std::lock_guard lock(mutex_);
    parked_ = std::move(why);
}

void health::unparked() {
    const std::lock_guard lock(mutex_);
    parked_.reset();
}

void health::partition_stopped(std::int32_t partition, std::string why) {
    const std::lock_guard lock(mutex_);
    stopped_[partition] = std::move(why);
}

void health::partition_goes_on(std::int32_t partition) {
    const std::lock_guard lock(mutex_);
    stopped_.erase(partition);
}

void health::no_partition_stopped() {
    const std::lock_guard lock(mutex_);
    stopped_.clear();
}

void health::store_failed(std::string why, clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (!failing_since_) failing_since_ = now;
    last_failure_ = std::move(why);
}

void health::store_worked() {
    const std::lock_guard lock(mutex_);
    failing_since_.reset();
}

void health::batch_stored(std::chrono::system_clock::time_point when) {
    const std::lock_guard lock(mutex_);
    last_stored_ = when;
}

std::string health::why_not(clock::time_point now) const {
    if (draining_) return "draining";
    if (!waiting_for_.empty()) return "waiting for " + waiting_for_;
    if (parked_) return "parked: " + *parked_;
    if (!stopped_.empty()) {
        const auto& [partition, why] = *stopped_.begin();
        return fmt::format("partition {} is stopped: {}", partition, why);
    }
    if (failing_since_ && now - *failing_since_ > patience) {
        return "failing for over 10 s: " + last_failure_;
    }
    if (!partitions_) return "not in the consumer group";
    return {};
}

base::admin_reply health::ready(clock::time_point now) const {
    const std::lock_guard lock(mutex_);
    const auto reason = why_not(now);
    json::object stopped;
    for (const auto& [partition, why] : stopped_)
        stopped[std::to_string(partition)] = why;
    json::object body;
    body["ready"] = reason.empty();
    if (!reason.empty()) body["reason"] = reason;
    body["in_group"] = partitions_.has_value();
    body["partitions"] = partitions_.value_or(0);
    body["parked"] = parked_.has_value();
    body["stopped_partitions"] = std::move(stopped);
    body["store_failing"] = failing_since_.has_value();
    if (failing_since_) body["last_failure"] = last_failure_;
    if (last_stored_) {
        body["last_stored_unix"] =
            std::chrono::duration_cast<std::chrono::seconds>(last_stored_->time_since_epoch())
                .count();
    }
    return {reason.empty() ? 200U : 503U, "application/json", json::serialize(body)};
}

}  // namespace nd::workers
