// Fair turns between tenants: one of them sends pages without end, another's single page is asked
// about all the same, counted in calls and not in seconds. And many loads of one page are one call.
#include "tests/e2e/page_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

constexpr int flood = 1000;  // pages of the first tenant, each another one
constexpr int senders = 4;
constexpr int calls = 4;  // under way at once

// Tenants with the highest limit there is, 6,000 a minute, which lets thousands through at once; a
// page counts for them with its first session.
std::vector<tenant_key> open_tenants(int number) {
    auto made = make_tenants(the_system(), number);
    for (const auto& one : made) {
        for (const auto& words :
             {"limits set --class schema --per-minute 6000 --tenant " + one.tenant,
              "schema set --min-sessions 1 --tenant " + one.tenant}) {
            const auto done = the_system().ndctl(words);
            if (done.status != 0) throw std::runtime_error(words + ": " + done.output);
        }
    }
    return made;
}

void send_all(const tenant_key& as, int pages, const std::function<std::string(int)>& body) {
    std::vector<std::thread> threads;
    threads.reserve(senders);
    std::atomic<int> next{0};
    for (int i = 0; i < senders; ++i) {
        threads.emplace_back([&] {
            http_client client(the_system()["ND_URL"]);
            for (int page = next++; page < pages; page = next++)
                send_page(client, as, body(page));
        });
    }
    for (auto& one : threads)
        one.join();
}

std::int64_t jobs_of(const tenant_key& of, const std::string& where) {
    return count("select count(*) from nd.page_jobs where tenant_id = '" + of.tenant + "' and " +
                 where);
}

// Calls of the one that were opened between the other's job and its call: turns that it waited.
std::int64_t turns_waited(const tenant_key& one, const tenant_key& other) {
    return count("select count(*) from nd.model_calls f where f.tenant_id = '" + one.tenant +
                 "' and f.opened_at > (select min(made_at) from nd.page_jobs where tenant_id = '" +
                 other.tenant +
                 "') and f.opened_at < (select min(opened_at) from nd.model_calls where "
                 "tenant_id = '" +
                 other.tenant + "')");
}

std::string one_of_flood(int page) {
    return page_body("/flood", 1, word(page));
}

}  // namespace

TEST_CASE("a thousand loads of one page in a second are one job and one call") {
    const auto tenant = open_tenants(1).front();
    const auto before = stub().counts();
    const auto page = [](int load) { return page_body("/one", load % 50, "people"); };
    const auto begun = std::chrono::steady_clock::now();
    send_all(tenant, 1000, page);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    REQUIRE(eventually(30s, [&] { return jobs_of(tenant, "state = 'done'") == 1; }));
    send_all(tenant, 100, page);
    CHECK(jobs_of(tenant, "true") == 1);
    const auto after = stub().counts();
    const auto more = [&](const char* what) {
        return after.at("pages").at(what).to_number<int>() -
               before.at("pages").at(what).to_number<int>();
    };
    CHECK(more("total") == 1);
    CHECK(after.at("worked_on").to_number<int>() - before.at("worked_on").to_number<int>() == 1);
    // Nothing was killed: the ledger says what the stand-in says.
    CHECK(booked("all") == worked_on());
    CHECK(booked("confirmed") == worked_on());
    check_spend();
    MESSAGE("1000 loads in " << took.count() << " s");
}

TEST_CASE("a tenant that sends a page per millisecond does not keep another's from its turn") {
    const auto tenants = open_tenants(2);
    const auto& busy = tenants[0];
    const auto& quiet = tenants[1];
    std::map<std::string, std::string> settings{{"ND_ENRICHER_LINGER_MS", "0"},
                                                {"ND_ENRICHER_PAGES_PER_CALL", "1"},
                                                {"ND_ENRICHER_CALLS", std::to_string(calls)},
                                                {"ND_ENRICHER_BATCH_FROM", "1000000"}};
    std::string way = "fresh";
    SUBCASE("all go the fresh way") {}
    SUBCASE("the flood goes by batch") {
        way = "batch";
        settings["ND_ENRICHER_BATCH_FROM"] = "20";
    }
    CAPTURE(way);
    // Slow enough that the flood still waits when the single page comes.
    stub().order(R"({"on":"responses","kind":"slow","times":100000,"ms":100})");
    auto enricher = own_enricher(settings);
    enricher.start();
    std::thread flooding([&] { send_all(busy, flood, one_of_flood); });
    REQUIRE(eventually(120s, [&] { return jobs_of(busy, "true") >= flood / 4; }));
    http_client client(the_system()["ND_URL"]);
    const auto begun = std::chrono::steady_clock::now();
    send_page(client, quiet, page_body("/quiet", 1, "people"));
    const auto done = eventually(120s, [&] { return jobs_of(quiet, "state = 'done'") == 1; });
    CHECK_MESSAGE(done, jobs_of(quiet, "true"), " jobs of it, of the other ", jobs_of(busy, "true"),
                  enricher.log_end());
    const auto waiting = jobs_of(busy, "state <> 'done'");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    flooding.join();
    CHECK(waiting > flood / 10);
    const auto waited = turns_waited(busy, quiet);
    // A batch's lines are calls that nothing is sent for: as many as are written down until the
    // fresh way looks again, which it does five times a second while it has nothing to do.
    CHECK(waited <= (way == "fresh" ? calls + 2 : flood / 10));
    MESSAGE(way << ": done after " << took.count() << " s; of " << flood << " pages " << waiting
                << " waited then, " << waited << " calls came between its job and its call");
    enricher.kill_9();
    the_system().start("nd-enricher");
    sql("delete from nd.page_structures where tenant_id = '" + busy.tenant +
        "'; delete from nd.page_batches where tenant_id = '" + busy.tenant + "'");
}
