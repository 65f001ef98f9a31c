#include "workers/enricher_metrics.hpp"

namespace nd::workers {

enricher_metrics::enricher_metrics(base::metrics& into)
    : all_(into),
      loads_(into.make_counter("nd_enricher_pages_total", "Loads of pages that are stored")),
      repeated_(into.make_counter("nd_enricher_pages_repeated_total",
                                  "Loads of a structure that its session had loaded just before")),
      jobs_(into.make_counter("nd_enricher_jobs_total", "Structures to be asked about")),
      dead_(into.make_counter("nd_enricher_pages_dead_total", "Records that could not be stored")),
      lag_(into.make_gauge("nd_enricher_lag", "Records of nd.pages.v1 that are not stored yet")),
      enriched_(into.make_counter("nd_enricher_enriched_total", "Structures with notes")),
      parked_(into.make_counter("nd_enricher_parked_total", "Jobs that wait for an operator")),
      dropped_(into.make_counter("nd_enricher_notes_dropped_total",
                                 "Notes on what is not there, repeated, or unfit")),
      input_(into.make_counter("nd_enricher_tokens_total", "Tokens that were charged",
                               {{"kind", "input"}})),
      output_(into.make_counter("nd_enricher_tokens_total", "Tokens that were charged",
                                {{"kind", "output"}})),
      nano_(into.make_counter("nd_enricher_nano_dollars_total", "What the calls cost")),
      lost_(into.make_counter("nd_enricher_lost_calls_total",
                              "Calls whose process ended before the answer")),
      asking_(into.make_gauge("nd_enricher_asking", "1 while the model service is asked")),
      seconds_(into.make_histogram("nd_enricher_call_seconds", "From the request to its answer",
                                   {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100})) {}

void enricher_metrics::taken(std::size_t loads, std::size_t repeated, std::size_t jobs,
                             std::size_t dead) {
    loads_.Increment(static_cast<double>(loads));
    repeated_.Increment(static_cast<double>(repeated));
    jobs_.Increment(static_cast<double>(jobs));
    dead_.Increment(static_cast<double>(dead));
}

void enricher_metrics::lag(std::int64_t records) {
    lag_.Set(static_cast<double>(records));
}

void enricher_metrics::called(std::string_view way, std::string_view outcome, double seconds) {
    all_.make_counter("nd_enricher_calls_total",
                      "Requests to the model service by what they brought",
                      {{"way", std::string(way)}, {"outcome", std::string(outcome)}})
        .Increment();
    if (seconds > 0) seconds_.Observe(seconds);
}

void enricher_metrics::applied(std::size_t pages, std::size_t parked, std::size_t dropped_notes) {
    enriched_.Increment(static_cast<double>(pages));
    parked_.Increment(static_cast<double>(parked));
    dropped_.Increment(static_cast<double>(dropped_notes));
}

void enricher_metrics::used(const model::token_usage& tokens, std::int64_t nano) {
    input_.Increment(static_cast<double>(tokens.input));
    output_.Increment(static_cast<double>(tokens.output));
    nano_.Increment(static_cast<double>(nano));
}

void enricher_metrics::lost(std::int64_t calls) {
    lost_.Increment(static_cast<double>(calls));
}

void enricher_metrics::asking(std::string_view why_not) {
    asking_.Set(why_not.empty() ? 1 : 0);
}

}  // namespace nd::workers
