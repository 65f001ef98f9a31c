// The edge to Kafka's admin API: makes topics and reads the broker's clock. Called by topics and
// doctor. It never changes or deletes a topic that exists: that is an operator's own decision.
// Errors: unavailable when no broker answers in time, refused when the broker says no.
#pragma once

#include "base/kafka_conf.hpp"
#include "ops/clock_reading.hpp"
#include "ops/settings.hpp"
#include "ops/topic_plan.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nd::ops {

class kafka_admin {
  public:
    // Fails when the cluster does not answer: everything after it may assume a broker.
    [[nodiscard]] static base::result<kafka_admin> connect(const settings& from);

    // The names that were made; a topic that appeared meanwhile is not an error.
    [[nodiscard]] base::result<std::vector<std::string>> create(
        const std::vector<topic_plan>& plans);
    [[nodiscard]] base::result<std::vector<base::topic_facts>> describe(
        const std::vector<topic_plan>& plans);

    // The broker's append time of one record that is written for it, with our own clock before and
    // after.
    [[nodiscard]] base::result<clock_reading> read_clock(const std::string& topic);

    [[nodiscard]] const std::string& cluster() const { return cluster_; }

  private:
    explicit kafka_admin(base::kafka_handle client) : client_(std::move(client)) {}

    base::kafka_handle client_;
    std::string cluster_;
};

}  // namespace nd::ops
