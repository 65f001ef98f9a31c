// A page structure's way through the edge, step by step, beside what a mere parse of the same bytes
// costs (simdjson's DOM: it validates every byte, as the scanner does).
#include "bench/micro/samples.hpp"
#include "schema/page_fingerprint.hpp"
#include "schema/page_record.hpp"

#include <simdjson.h>

#include <limits>

namespace nd::bench {
namespace {

constexpr schema::instant now{std::numeric_limits<std::int64_t>::max() / 2};

// Recorded pages in turn, with the padding that scanner and simdjson read over.
class page_turns {
  public:
    explicit page_turns(std::int64_t elements)
        : pages_(recorded_pages(static_cast<std::size_t>(elements))) {
        for (auto& page : pages_) {
            sizes_.push_back(page.size());
            page.append(schema::page_padding, '\0');
        }
    }
    [[nodiscard]] std::string_view next() {
        at_ = at_ + 1 == pages_.size() ? 0 : at_ + 1;
        bytes_ += static_cast<std::int64_t>(sizes_[at_]);
        return {pages_[at_].data(), sizes_[at_]};
    }
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }

  private:
    std::vector<std::string> pages_;
    std::vector<std::size_t> sizes_;
    std::size_t at_ = 0;
    std::int64_t bytes_ = 0;
};

void parse_page(benchmark::State& state) {
    page_turns pages(state.range(0));
    simdjson::dom::parser parser;
    for ([[maybe_unused]] auto _ : state) {
        const auto text = pages.next();
        const auto parsed = parser.parse(text.data(), text.size(), false);
        if (parsed.error()) return state.SkipWithError("a recorded page is no JSON");
    }
    state.SetBytesProcessed(pages.bytes());
}
BENCHMARK(parse_page)->Arg(200);

void scan_page(benchmark::State& state) {
    page_turns pages(state.range(0));
    schema::page_scanner scanner;
    for ([[maybe_unused]] auto _ : state) {
        const auto text = pages.next();
        const auto raw = scanner.scan(text.data(), text.size(), now);
        if (!raw) return state.SkipWithError("a recorded page is none");
    }
    state.SetBytesProcessed(pages.bytes());
}
BENCHMARK(scan_page)->Arg(200);

void redact_page(benchmark::State& state) {
    page_turns pages(state.range(0));
    schema::page_scanner scanner;
    schema::page_redactor redactor;
    for ([[maybe_unused]] auto _ : state) {
        const auto text = pages.next();
        const auto raw = scanner.scan(text.data(), text.size(), now);
        if (!raw) return state.SkipWithError("a recorded page is none");
        const auto page = redactor.redact(*raw, {});
        if (!page) return state.SkipWithError("a recorded page is no tree");
    }
    state.SetBytesProcessed(pages.bytes());
}
BENCHMARK(redact_page)->Arg(200);

// All that the edge does between the body and Kafka.
void rebuild_page(benchmark::State& state) {
    page_turns pages(state.range(0));
    schema::page_scanner scanner;
    schema::page_redactor redactor;
    schema::session_hasher sessions(std::string(32, 'p'));
    const auto tenant = sample_tenant(1);
    std::string record;
    for ([[maybe_unused]] auto _ : state) {
        const auto text = pages.next();
        const auto raw = scanner.scan(text.data(), text.size(), now);
        if (!raw) return state.SkipWithError("a recorded page is none");
        const auto page = redactor.redact(*raw, sessions(tenant, raw->session_id));
        if (!page) return state.SkipWithError("a recorded page is no tree");
        auto fingerprint = schema::fingerprint_of(tenant, *page);
        benchmark::DoNotOptimize(fingerprint);
        record.clear();
        schema::write_page_record(*page, record);
    }
    state.SetBytesProcessed(pages.bytes());
}
BENCHMARK(rebuild_page)->Arg(200);

}  // namespace
}  // namespace nd::bench
