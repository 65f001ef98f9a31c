// The counters of the request path, each asked for once. Written by the io threads once per
// request, never per event.
#pragma once

#include "base/metrics.hpp"
#include "schema/event.hpp"
#include "schema/problem.hpp"
#include "schema/redact_text.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nd::ingest {

class ingest_metrics {
  public:
    explicit ingest_metrics(base::metrics& metrics);

    void accepted(std::size_t events, std::chrono::steady_clock::duration until_durable);
    void validated();
    void page_accepted(std::chrono::steady_clock::duration until_durable);
    void page_known();
    // Whence GET /v1/schema had its answer; `stale`: from memory, because Postgres had none.
    enum class page_source : std::uint8_t { memory, postgres, stale };
    void page_read(page_source from);
    void redacted(const schema::redaction_counts& counts);
    void refused(schema::problem_code code);
    void rejected(std::span<const schema::rejection> events);
    void connection(bool opened);

  private:
    base::counter& events_accepted_;
    base::counter& requests_accepted_;
    base::counter& requests_validated_;
    base::gauge& connections_;
    base::histogram& ack_seconds_;
    std::vector<base::counter*> refused_;   // by problem_code
    std::vector<base::counter*> rejected_;  // by event_code
    base::counter& pages_queued_;
    base::counter& pages_known_;
    std::vector<base::counter*> page_reads_;  // by page_source
    std::vector<base::counter*> redacted_;    // by secret_kind, then the other counts
};

}  // namespace nd::ingest
