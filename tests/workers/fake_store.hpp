// A database that fails as told, and a Kafka that takes dead records: for deliver and the lane.
#pragma once

#include "tests/workers/records.hpp"
#include "workers/deliver.hpp"

#include <fmt/format.h>

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace nd::tests {

class fake_store final : public workers::row_store {
  public:
    base::result<std::vector<base::kafka_position>> read_progress() override {
        if (auto e = note("read")) return *e;
        return std::vector<base::kafka_position>{{0, 42}};
    }
    base::result<workers::stored> store(const workers::parcel& load, bool advance) override {
        if (auto e = note(advance ? "store" : "store without progress")) return *e;
        workers::stored outcome{static_cast<std::int64_t>(load.records.rows().size()), 0, 0, {}};
        outcome.refused = refused;
        outcome.inserted -= static_cast<std::int64_t>(refused.size());
        return outcome;
    }
    base::result<> store_rest(const workers::parcel&,
                              std::span<const workers::refused_row> elsewhere) override {
        if (auto e = note(fmt::format("rest without {}", elsewhere.size()))) return *e;
        return {};
    }
    void disconnect() override { static_cast<void>(note("disconnect")); }

    base::result<> publish(std::span<const base::outgoing_record> records) {
        for (const auto& r : records) {
            if (auto e = note("publish " + r.value.value_or("-"))) return *e;
        }
        return {};
    }
    workers::publish_dead publisher() {
        return [this](std::span<const base::outgoing_record> records) { return publish(records); };
    }

    // The next call that begins with `what` fails so.
    void fail(std::string what, base::errc code, std::string state) {
        const std::lock_guard lock(mutex_);
        failures_.push_back({std::move(what), base::error{code, "told to fail", std::move(state)}});
    }
    [[nodiscard]] std::vector<std::string> calls() const {
        const std::lock_guard lock(mutex_);
        return calls_;
    }

    std::vector<workers::refused_row> refused;

  private:
    std::optional<base::error> note(std::string what) {
        const std::lock_guard lock(mutex_);
        calls_.push_back(what);
        if (failures_.empty() || !what.starts_with(failures_.front().first)) return std::nullopt;
        auto e = failures_.front().second;
        failures_.pop_front();
        return e;
    }

    mutable std::mutex mutex_;
    std::vector<std::string> calls_;
    std::deque<std::pair<std::string, base::error>> failures_;
};

}  // namespace nd::tests
