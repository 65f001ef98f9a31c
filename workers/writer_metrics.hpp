// What nd-writer counts. Made by main, written once per batch by the loop and the lane.
#pragma once

#include "base/metrics.hpp"
#include "workers/deliver.hpp"
#include "workers/progress.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace nd::workers {

class writer_metrics {
  public:
    explicit writer_metrics(base::metrics& into);

    // A batch is durable now: everything that one says.
    void delivered_batch(const parcel& load, const delivered& outcome,
                         std::chrono::system_clock::time_point now, double seconds);
    // Because of an error of this SQLSTATE class; "other" is Kafka or ourselves.
    void retried(const std::string& error_class);
    void parked(bool is);
    void lag(std::int32_t partition, std::int64_t records);
    void stopped(std::size_t partitions);
    void assigned(std::size_t partitions);
    void read_again(const char* why);  // reading went back to nd.progress

  private:
    void observe_freshness(const parcel& load, std::chrono::system_clock::time_point now);

    base::metrics& all_;
    base::counter& rows_;
    base::counter& duplicates_;
    base::counter& conflicts_;
    base::counter& erased_;
    base::counter& batches_;
    base::gauge& parked_;
    base::gauge& stopped_;
    base::gauge& assigned_;
    base::gauge& last_progress_;
    base::histogram& freshness_;
    base::histogram& batch_records_;
    base::histogram& batch_bytes_;
    base::histogram& batch_tenants_;
    base::histogram& call_seconds_;
};

}  // namespace nd::workers
