#include "ingest/ingest_metrics.hpp"

#include <string>

namespace nd::ingest {
namespace {

constexpr const char* requests_name = "nd_ingest_requests_total";
constexpr const char* requests_help =
    "Answered requests by outcome: accepted, validated, or the problem's code";

constexpr const char* pages_name = "nd_ingest_pages_accepted_total";
constexpr const char* pages_help =
    "Page structures answered with 202: queued for the enricher, or known to it from this session";

std::vector<std::string> redacted_kinds() {
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < schema::secret_kind_count; ++i)
        kinds.emplace_back(to_string(static_cast<schema::secret_kind>(i)));
    for (const auto* more : {"path_id", "content_name", "unknown_role"})
        kinds.emplace_back(more);
    return kinds;
}

std::vector<double> ack_bounds() {
    return {0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

}  // namespace

ingest_metrics::ingest_metrics(base::metrics& metrics)
    : events_accepted_(metrics.make_counter("nd_ingest_events_accepted_total",
                                            "Events acknowledged by Kafka and answered with 202")),
      requests_accepted_(
          metrics.make_counter(requests_name, requests_help, {{"code", "accepted"}})),
      requests_validated_(
          metrics.make_counter(requests_name, requests_help, {{"code", "validated"}})),
      connections_(metrics.make_gauge("nd_ingest_connections", "Open connections of clients")),
      ack_seconds_(metrics.make_histogram(
          "nd_ingest_ack_seconds", "From a whole body to the last delivery report", ack_bounds())),
      pages_queued_(metrics.make_counter(pages_name, pages_help, {{"status", "queued"}})),
      pages_known_(metrics.make_counter(pages_name, pages_help, {{"status", "known"}})) {
    for (std::uint8_t i = 0; i < schema::problem_code_count; ++i) {
        const std::string code(schema::to_string(static_cast<schema::problem_code>(i)));
        refused_.push_back(&metrics.make_counter(requests_name, requests_help, {{"code", code}}));
    }
    for (std::uint8_t i = 0; i < schema::event_code_count; ++i) {
        const std::string code(schema::to_string(static_cast<schema::event_code>(i)));
        rejected_.push_back(&metrics.make_counter("nd_ingest_events_rejected_total",
                                                  "Refused events by code", {{"code", code}}));
    }
    for (const auto* from : {"memory", "postgres", "stale"})
        page_reads_.push_back(&metrics.make_counter(
            "nd_ingest_page_reads_total",
            "Pages and lists of them that were shown, by where they came from; stale: from memory "
            "because Postgres did not answer",
            {{"from", from}}));
    for (const auto& kind : redacted_kinds())
        redacted_.push_back(&metrics.make_counter("nd_ingest_page_redactions_total",
                                                  "What was taken out of page structures, by kind",
                                                  {{"kind", kind}}));
}

void ingest_metrics::accepted(std::size_t events,
                              std::chrono::steady_clock::duration until_durable) {
    events_accepted_.Increment(static_cast<double>(events));
    requests_accepted_.Increment();
    ack_seconds_.Observe(std::chrono::duration<double>(until_durable).count());
}

void ingest_metrics::validated() {
    requests_validated_.Increment();
}

void ingest_metrics::page_accepted(std::chrono::steady_clock::duration until_durable) {
    pages_queued_.Increment();
    requests_accepted_.Increment();
    ack_seconds_.Observe(std::chrono::duration<double>(until_durable).count());
}

void ingest_metrics::page_known() {
    pages_known_.Increment();
    requests_accepted_.Increment();
}

void ingest_metrics::page_read(page_source from) {
    page_reads_[static_cast<std::size_t>(from)]->Increment();
}

void ingest_metrics::redacted(const schema::redaction_counts& counts) {
    const auto add = [this](std::size_t place, std::uint32_t count) {
        if (count > 0) redacted_[place]->Increment(count);
    };
    for (std::size_t i = 0; i < counts.secrets.size(); ++i)
        add(i, counts.secrets[i]);
    add(schema::secret_kind_count, counts.path_ids);
    add(schema::secret_kind_count + 1, counts.content_names);
    add(schema::secret_kind_count + 2, counts.unknown_roles);
}

void ingest_metrics::refused(schema::problem_code code) {
    refused_[static_cast<std::size_t>(code)]->Increment();
}

// One addition per code and request, however many events were refused.
void ingest_metrics::rejected(std::span<const schema::rejection> events) {
    if (events.empty()) return;
    std::array<unsigned, schema::event_code_count> sums{};
    for (const auto& one : events)
        ++sums[static_cast<std::size_t>(one.code)];
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (sums[i] > 0) rejected_[i]->Increment(sums[i]);
}

void ingest_metrics::connection(bool opened) {
    opened ? connections_.Increment() : connections_.Decrement();
}

}  // namespace nd::ingest
