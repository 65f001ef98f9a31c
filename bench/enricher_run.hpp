// Pages in nd.pages.v1 and their way to what a model says about them, by a real nd-enricher and the
// stand-in for the model service. What the scenario pages is made of, in its second part.
#pragma once

#include "base/pg.hpp"
#include "bench/bed.hpp"
#include "bench/distinct_pages.hpp"

#include <cstdint>
#include <memory>

namespace nd::bench {

// What the stand-in has counted, and what is booked. All since both were started.
struct asked_so_far {
    std::int64_t requests = 0;  // that the stand-in worked on
    std::int64_t pages = 0;     // in them
    std::int64_t distinct = 0;  // of these
    std::int64_t most = 0;      // how often the same page was in one
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
};

struct enriched {
    double pages_per_minute = 0;  // from the first record to the last answer that is stored
    double enricher_us = 0;       // CPU time for each page
    double postgres_us = 0;
    double kafka_us = 0;
    double cores = 0;         // of the two programs above, used on average
    double resident_mib = 0;  // nd-enricher's, at the end
};

class enricher_run {
  public:
    static constexpr std::size_t most_tenants = 10;  // the bed's first ones

    // Starts both programs; the stand-in takes `latency_ms` for each answer, and neither its limits
    // nor a budget is in the way. Throws bench_error when there are pages already.
    enricher_run(bed& on, std::vector<boost::json::object> pages, int latency_ms);

    // `pages` structures that nobody has seen, in turn of each tenant. Throws bench_error unless
    // each of them is enriched in time.
    [[nodiscard]] enriched measure(std::uint64_t pages);
    [[nodiscard]] asked_so_far asked() const;   // says the stand-in
    [[nodiscard]] asked_so_far booked();        // says the ledger: confirmed calls, and no others
    [[nodiscard]] double resident_mib() const;  // nd-enricher's

  private:
    void let_one_session_do();
    [[nodiscard]] std::int64_t count(base::pg::statement what);

    bed& on_;
    base::pg::connection db_;
    distinct_pages pages_;
    std::span<const std::string> tenants_;
    std::uint64_t sent_ = 0;
    std::unique_ptr<child> stub_;
    std::uint16_t stub_port_ = 0;
    std::unique_ptr<child> enricher_;
    meter watched_;
};

}  // namespace nd::bench
