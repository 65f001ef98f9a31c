// What nd-enricher counts. Made by main; written once per batch of pages and once per call.
#pragma once

#include "base/metrics.hpp"
#include "model/token_usage.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nd::workers {

class enricher_metrics {
  public:
    explicit enricher_metrics(base::metrics& into);

    void taken(std::size_t loads, std::size_t repeated, std::size_t jobs, std::size_t dead);
    void lag(std::int64_t records);

    // A call has ended: with `outcome` (a word of few), so many pages enriched, tokens charged.
    void called(std::string_view way, std::string_view outcome, double seconds);
    void applied(std::size_t pages, std::size_t parked, std::size_t dropped_notes);
    void used(const model::token_usage& tokens, std::int64_t nano);
    void lost(std::int64_t calls);  // whose process ended before the answer
    // Why nothing is asked now; "" when it is.
    void asking(std::string_view why_not);

  private:
    base::metrics& all_;
    base::counter& loads_;
    base::counter& repeated_;
    base::counter& jobs_;
    base::counter& dead_;
    base::gauge& lag_;
    base::counter& enriched_;
    base::counter& parked_;
    base::counter& dropped_;
    base::counter& input_;
    base::counter& output_;
    base::counter& nano_;
    base::counter& lost_;
    base::gauge& asking_;
    base::histogram& seconds_;
};

}  // namespace nd::workers
