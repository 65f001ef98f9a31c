// The counters of the request path, each asked for once. Written by the io threads once per
// request, never per event.
#pragma once

#include "base/metrics.hpp"
#include "schema/event.hpp"
#include "schema/problem.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

namespace nd::ingest {

class ingest_metrics {
  public:
    explicit ingest_metrics(base::metrics& metrics);

    void accepted(std::size_t events, std::chrono::steady_clock::duration until_durable);
    void validated();
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
};

}  // namespace nd::ingest
