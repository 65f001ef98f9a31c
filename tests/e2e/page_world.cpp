#include "tests/e2e/page_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace nd::tests {

base::pg::rows sql(const std::string& script) {
    auto admin = base::pg::connection::open(the_system()["ND_ADMIN_DATABASE_URL"], {}).value();
    auto done = admin.exec_script(script);
    if (!done) throw std::runtime_error(done.error().detail + " in: " + script);
    return std::move(*done);
}

std::int64_t count(const std::string& query) {
    return sql("select (" + query + ") as n")[0].integer("n");
}

stub_control& stub() {
    static stub_control made = [] {
        const auto& listen = the_system()["ND_OPENAI_STUB_LISTEN"];
        return stub_control(
            static_cast<std::uint16_t>(std::stoi(listen.substr(listen.find(':') + 1))));
    }();
    return made;
}

std::string word(int number) {
    constexpr std::array words{"alpha", "bravo",   "charlie", "delta",  "echo",   "foxtrot",
                               "golf",  "hotel",   "india",   "juliet", "kilo",   "lima",
                               "mike",  "oscar",   "papa",    "quebec", "romeo",  "sierra",
                               "tango", "uniform", "victor",  "yankee", "harbor", "meadow"};
    const auto all = static_cast<int>(words.size());
    std::string made(words.at(static_cast<std::size_t>(number % all)));
    for (int rest = number / all; rest > 0; rest /= all)
        made += std::string(" ") + words.at(static_cast<std::size_t>(rest % all));
    return made;
}

std::string page_body(const std::string& page, int session, const std::string& button) {
    return fmt::format(
        R"({{"page":"{}","title":"Page","session_id":"s-{}","elements":[{{"ref":1,"role":"main"}},)"
        R"({{"ref":2,"parent":1,"role":"button","name":"Invite {}"}},)"
        R"({{"ref":3,"parent":1,"role":"cell","name":"ann@example.com"}}]}})",
        page, session, button);
}

void raise_page_limits(const tenant_key& of) {
    for (const auto* cls : {"schema", "read"}) {
        const auto done = the_system().ndctl("limits set --tenant " + of.tenant + " --class " +
                                             cls + " --per-minute 6000");
        if (done.status != 0) throw std::runtime_error("ndctl limits set: " + done.output);
    }
}

void send_page(http_client& client, const tenant_key& as, const std::string& body) {
    const http_client::header_map headers{{"X-ND-Key", as.key},
                                          {"Content-Type", "application/json"}};
    // The front end hears of a new limit a moment later.
    const auto heard = eventually(std::chrono::seconds(20), [&] {
        return client.post("/v1/schema", body, headers).status == 202;
    });
    if (!heard) throw std::runtime_error("POST /v1/schema was never answered 202");
}

process own_enricher(const std::map<std::string, std::string>& settings) {
    auto& system = the_system();
    system.stop("nd-enricher");
    process::command what;
    const char* programs = std::getenv("ND_TEST_BIN");
    if (programs == nullptr) throw std::runtime_error("ND_TEST_BIN is not set: use ./dev test");
    what.words = {std::string(programs) + "/nd-enricher"};
    what.environment = {{"ND_SINGLE_BROKER", "1"}};
    for (const char* name : {"ND_KAFKA", "ND_ENRICHER_DATABASE_URL", "ND_OPENAI_URL",
                             "ND_OPENAI_KEY_FILE", "ND_ENRICHER_ADMIN_LISTEN"})
        what.environment[name] = system[name];
    for (const auto& [name, value] : settings)
        what.environment[name] = value;
    what.log = system.run_dir() + "/log/own-enricher.log";
    what.folder = "/";
    return process(what);
}

void set_batch_phase(std::chrono::milliseconds phase) {
    auto& system = the_system();
    std::ofstream(system.run_dir() + "/env", std::ios::app)
        << "export ND_OPENAI_STUB_BATCH_PHASE_MS=" << phase.count() << "\n";
    system.stop("nd-openai-stub");
    system.start("nd-openai-stub");
}

tokens booked(const std::string& state) {
    const auto where = state == "all" ? "" : " where state = '" + state + "'";
    const auto sums =
        sql("select coalesce(sum(input_tokens), 0) as i, coalesce(sum(output_tokens), 0) as o "
            "from nd.model_calls" +
            where);
    return {sums[0].integer("i"), sums[0].integer("o")};
}

tokens worked_on() {
    const auto counts = stub().counts();
    return {counts.at("input_tokens").to_number<std::int64_t>(),
            counts.at("output_tokens").to_number<std::int64_t>()};
}

void check_spend() {
    const auto nano = count("select coalesce(sum(nano), 0) from nd.model_calls");
    CHECK(nano == count("select coalesce(sum(nano), 0) from nd.model_spend"));
    CHECK(nano == count("select coalesce(sum(nano), 0) from nd.tenant_spend"));
}

applied_trace::applied_trace() {
    sql("create table public.applied (tenant uuid, structure bytea); "
        "create function public.applied() returns trigger language plpgsql security definer as $$ "
        "begin if new.enriched_at is distinct from old.enriched_at then insert into "
        "public.applied values (new.tenant_id, new.model_fingerprint); end if; return new; end $$; "
        "create trigger applied after update on nd.page_structures for each row execute function "
        "public.applied()");
}

applied_trace::~applied_trace() {
    try {
        sql("drop table public.applied; drop function public.applied() cascade");
    } catch (const std::exception& e) {
        MESSAGE(e.what());
    }
}

std::int64_t applied_trace::twice() const {
    return count(
        "select count(*) from (select 1 from public.applied group by tenant, structure having "
        "count(*) > 1) t");
}

std::int64_t applied_trace::once(const std::string& tenant) const {
    return count("select count(distinct structure) from public.applied where tenant = '" + tenant +
                 "'");
}

std::vector<std::string> submitted_twice() {
    const auto bodies = stub().bodies();
    const auto* batches = bodies.get_object().if_contains("POST /v1/batches");
    std::map<std::string, int> submitted;
    std::vector<std::string> twice;
    if (batches == nullptr) return twice;
    for (const auto& one : batches->get_array()) {
        const auto body = boost::json::parse(one.as_string());
        const std::string ref(body.at("metadata").at("nd_batch").as_string());
        if (++submitted[ref] == 2) twice.push_back(ref);
    }
    return twice;
}

}  // namespace nd::tests
