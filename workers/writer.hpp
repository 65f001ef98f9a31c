// nd-writer's loop: poll -> batch -> group -> lane (Postgres) -> commit. It runs on main's thread;
// the lane's thread stores one batch while the next is filled here. At most one full batch waits;
// then fetching stops, but not the membership in the group.
//
// What is in hand belongs to an epoch of the source: nothing of an older epoch is committed.
// Errors: only those that end the process.
#pragma once

#include "workers/batch.hpp"
#include "workers/health.hpp"
#include "workers/lane.hpp"
#include "workers/source.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace nd::workers {

struct writer_settings {
    base::kafka_consumer_settings consumer;
    batch_limits batch;
    std::chrono::milliseconds batch_wait{100};  // how long a record waits for company
};

class writer {
  public:
    writer(writer_settings settings, source& from, lane& stores, health& state,
           writer_metrics& counts);

    // Joins the group and works until `stop` says so.
    [[nodiscard]] base::result<> run(const std::function<bool()>& stop);
    // After run: what is being stored is finished and committed within `longest`, the rest dropped
    // uncommitted; then the group is left.
    void finish(std::chrono::milliseconds longest);

  private:
    using clock = std::chrono::steady_clock;
    enum class phase {
        nothing_to_read,  // no member, or no partition
        must_locate,      // positions unknown: ask nd.progress as soon as the lane is free
        locating,         // asked
        fetching,
        held,  // a full batch has waited too long: nothing is fetched
    };

    [[nodiscard]] base::result<> step();
    void begin_epoch();
    void ask_progress();
    void look_sometimes();
    [[nodiscard]] base::result<> fetch_and_send();
    [[nodiscard]] base::result<> fill();
    [[nodiscard]] bool is_due() const;
    void seal();
    void send();
    [[nodiscard]] base::result<> hold_or_resume();

    [[nodiscard]] base::result<> take_report(std::chrono::milliseconds longest);
    void on_stored(const parcel& load);
    [[nodiscard]] base::result<> on_progress(std::span<const base::kafka_position> progress);
    [[nodiscard]] base::result<> read_again(const char* why);
    void drop_in_hand();

    writer_settings settings_;
    source& source_;
    lane& lane_;
    health& health_;
    writer_metrics& metrics_;

    phase phase_ = phase::nothing_to_read;
    std::uint64_t epoch_ = 0;           // of what is in hand
    std::uint64_t asked_in_epoch_ = 0;  // when the lane was last asked for the progress
    batch_limits limits_;
    std::uint64_t number_ = 0;
    std::unique_ptr<parcel> filling_ = std::make_unique<parcel>();
    std::unique_ptr<parcel> spare_ = std::make_unique<parcel>();
    bool sealed_ = false;  // `filling_` is ready to be sent
    clock::time_point first_record_at_;
    clock::time_point sealed_at_;
    clock::time_point locate_at_;
    clock::time_point looked_at_;  // when nd.progress was last asked for
    clock::time_point lag_shown_at_;
};

}  // namespace nd::workers
