#include "workers/enricher_options.hpp"

#include "base/pg_url.hpp"
#include "schema/dollars.hpp"

namespace nd::workers {
namespace {

std::string address_problem(const std::string& text) {
    const auto parsed = base::parse_host_port(text);
    return parsed ? "" : parsed.error().detail;
}

std::string budget_problem(const std::string& text) {
    if (text.empty()) return "";
    const auto parsed = schema::parse_dollars(text);
    return parsed ? "" : parsed.error().detail;
}

std::optional<std::int64_t> nano_of(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return schema::parse_dollars(text).value();
}

void add_money(base::config_reader& reader, enricher_options& into) {
    reader
        .text(into.tenant_budget, "tenant-budget", "ND_MODEL_TENANT_BUDGET",
              "dollars a month for a tenant without a budget of its own; empty: no bound")
        .check(budget_problem);
    reader
        .text(into.total_budget, "total-budget", "ND_MODEL_TOTAL_BUDGET",
              "dollars a month for all tenants together; empty: no bound")
        .check(budget_problem);
}

void add_pace(base::config_reader& reader, enricher_options& into) {
    reader.number(into.linger_ms, 0, 60'000, "linger-ms", "ND_ENRICHER_LINGER_MS",
                  "how long a new page waits for others to share its request with");
    reader.number(into.calls, 1, 256, "calls", "ND_ENRICHER_CALLS",
                  "requests to the model under way at once");
    reader.number(into.pages_per_call, 1, 50, "pages-per-call", "ND_ENRICHER_PAGES_PER_CALL",
                  "pages of one tenant in one request");
    reader.number(into.call_tokens, 4000, 400'000, "call-tokens", "ND_ENRICHER_CALL_TOKENS",
                  "tokens of input, and of output, of one request");
    reader.number(into.batch_from, 1, 10'000'000, "batch-from", "ND_ENRICHER_BATCH_FROM",
                  "with more pages of a tenant waiting, they go by the Batch API");
    reader.number(into.batch_lines, 1, 50'000, "batch-lines", "ND_ENRICHER_BATCH_LINES",
                  "requests in one batch");
    reader.number(into.batch_poll_s, 1, 3600, "batch-poll", "ND_ENRICHER_BATCH_POLL",
                  "seconds between two looks at a batch");
}

}  // namespace

desk_settings enricher_options::desk() const {
    desk_settings made;
    made.url = database_url;
    made.model = model;
    made.bounds.pages = static_cast<std::size_t>(pages_per_call);
    made.bounds.input_tokens = call_tokens;
    made.bounds.output_tokens = call_tokens;
    made.tenant_nano = nano_of(tenant_budget);
    made.total_nano = nano_of(total_budget);
    return made;
}

asker_settings enricher_options::asking() const {
    asker_settings made;
    made.most_calls = static_cast<int>(calls);
    made.batch_from = batch_from;
    return made;
}

clerk_settings enricher_options::batches() const {
    clerk_settings made;
    made.most.lines = static_cast<std::size_t>(batch_lines);
    made.poll = std::chrono::seconds(batch_poll_s);
    made.lease = std::chrono::seconds(model.patience_s) + 2 * made.settle;
    return made;
}

base::result<bool> read_options(int argc, const char* const* argv, enricher_options& into) {
    base::config_reader reader("nd-enricher",
                               "Stores page structures and asks a model service what is on them.");
    base::add_kafka_settings(reader, into.kafka);
    reader
        .text(into.database_url, "database-url", "ND_ENRICHER_DATABASE_URL",
              "Postgres, as role nd_enricher; may lead through PgBouncer")
        .check(base::pg::url_problem)
        .required()
        .secret();
    reader
        .text(into.admin_listen, "admin-listen", "ND_ENRICHER_ADMIN_LISTEN",
              "address and port for /healthz /readyz /metrics; keep it private")
        .check(address_problem);
    model::add_openai_settings(reader, into.model);
    add_money(reader, into);
    add_pace(reader, into);
    reader.number(into.drain_s, 1, 3600, "drain", "ND_DRAIN",
                  "seconds for the calls under way after SIGTERM");
    base::add_log_settings(reader, into.log);
    return reader.read(argc, argv);
}

}  // namespace nd::workers
