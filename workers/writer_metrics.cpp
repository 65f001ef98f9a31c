#include "workers/writer_metrics.hpp"

#include <algorithm>
#include <vector>

namespace nd::workers {
namespace {

const std::vector<double> freshness_bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                           2.5,  5,     10,   30,  60,   300, 3600};
const std::vector<double> seconds_bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                         0.25,  0.5,    1,     2.5,  5,     15,   60};
const std::vector<double> count_bounds{1,   5,    10,   25,   50,    100,   250,
                                       500, 1000, 2500, 5000, 10000, 20000, 50000};
const std::vector<double> bytes_bounds{1e3, 1e4, 1e5, 5e5, 1e6, 2e6, 4e6, 8e6, 16777216, 2e7};

double seconds_of(std::chrono::system_clock::time_point when) {
    return std::chrono::duration<double>(when.time_since_epoch()).count();
}

}  // namespace

writer_metrics::writer_metrics(base::metrics& into)
    : all_(into),
      rows_(into.make_counter("nd_writer_rows_total", "Events stored as new rows.")),
      duplicates_(into.make_counter("nd_writer_duplicates_total",
                                    "Events whose row was there with the same payload; batches "
                                    "that were tried again count theirs too.")),
      conflicts_(into.make_counter("nd_writer_conflicts_total",
                                   "Events whose row was there with another payload: it stays.")),
      erased_(into.make_counter("nd_writer_erased_total",
                                "Events left out: their person or tenant was erased after they "
                                "arrived.")),
      batches_(into.make_counter("nd_writer_batches_total", "Batches stored.")),
      parked_(into.make_gauge("nd_writer_parked", "1 while an operator must look (/readyz).")),
      stopped_(into.make_gauge("nd_writer_stopped_partitions",
                               "Partitions not read because their offset is outside the log.")),
      assigned_(into.make_gauge("nd_writer_assigned_partitions", "Partitions of this process.")),
      last_progress_(into.make_gauge("nd_writer_last_progress_timestamp_seconds",
                                     "When a batch was last stored.")),
      freshness_(into.make_histogram("nd_writer_freshness_seconds",
                                     "From the broker's clock at arrival to the durable row.",
                                     freshness_bounds)),
      batch_records_(
          into.make_histogram("nd_writer_batch_records", "Records of a batch.", count_bounds)),
      batch_bytes_(into.make_histogram("nd_writer_batch_bytes", "Bytes of a batch.", bytes_bounds)),
      batch_tenants_(
          into.make_histogram("nd_writer_batch_tenants", "Tenants of a batch.", count_bounds)),
      call_seconds_(into.make_histogram("nd_writer_call_seconds",
                                        "Storing one batch, its dead records included.",
                                        seconds_bounds)) {}

// One pass over the rows and one update of the histogram: an update per event would cost more than
// the rest of the batch's bookkeeping.
void writer_metrics::observe_freshness(const parcel& load,
                                       std::chrono::system_clock::time_point now) {
    std::vector<double> counts(freshness_bounds.size() + 1);
    double sum = 0;
    const double at = seconds_of(now);
    for (const auto& row : load.records.rows()) {
        if (row.attempt) continue;  // it came back from nd.dead.v1 and arrived long ago
        const double age = std::max(0.0, at - static_cast<double>(row.received_at.us) / 1e6);
        const auto place = std::lower_bound(freshness_bounds.begin(), freshness_bounds.end(), age) -
                           freshness_bounds.begin();
        counts[static_cast<std::size_t>(place)] += 1;
        sum += age;
    }
    freshness_.ObserveMultiple(counts, sum);
}

void writer_metrics::delivered_batch(const parcel& load, const delivered& outcome,
                                     std::chrono::system_clock::time_point now, double seconds) {
    rows_.Increment(static_cast<double>(outcome.rows.inserted));
    duplicates_.Increment(static_cast<double>(outcome.rows.duplicates));
    conflicts_.Increment(static_cast<double>(outcome.rows.conflicts));
    erased_.Increment(static_cast<double>(outcome.rows.erased));
    batches_.Increment();
    for (const auto& letter : outcome.dead) {
        all_.make_counter("nd_writer_dead_total", "Records published to nd.dead.v1.",
                          {{"reason", std::string(reason_code(letter.reason))}})
            .Increment();
    }
    observe_freshness(load, now);
    batch_records_.Observe(static_cast<double>(load.records.records()));
    batch_bytes_.Observe(static_cast<double>(load.records.bytes()));
    batch_tenants_.Observe(static_cast<double>(load.groups.slices.size()));
    call_seconds_.Observe(seconds);
    last_progress_.Set(seconds_of(now));
}

void writer_metrics::retried(const std::string& error_class) {
    all_.make_counter("nd_writer_retries_total", "Tries that failed, by class of SQLSTATE.",
                      {{"class", error_class}})
        .Increment();
}

void writer_metrics::parked(bool is) {
    parked_.Set(is ? 1 : 0);
}

void writer_metrics::lag(std::int32_t partition, std::int64_t records) {
    all_.make_gauge("nd_writer_lag", "Records in the log that are not stored yet.",
                    {{"partition", std::to_string(partition)}})
        .Set(static_cast<double>(records));
}

void writer_metrics::stopped(std::size_t partitions) {
    stopped_.Set(static_cast<double>(partitions));
}

void writer_metrics::assigned(std::size_t partitions) {
    assigned_.Set(static_cast<double>(partitions));
}

void writer_metrics::read_again(const char* why) {
    all_.make_counter("nd_writer_read_again_total", "Times that reading went back to nd.progress.",
                      {{"why", why}})
        .Increment();
}

}  // namespace nd::workers
