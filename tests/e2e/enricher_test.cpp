// Pages over the whole system: POST /v1/schema -> Kafka -> nd-enricher -> the stand-in -> GET
// /v1/schema; and nd-enricher killed -9 again and again, on both ways to the model: no job is lost,
// no answer applied twice, no batch submitted twice, and the ledger holds at least what was worked
// on.
#include "tests/e2e/page_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <fstream>
#include <random>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

// Two sessions load each page, so that it may be asked about.
void send_pages(http_client& client, const tenant_key& as, const std::string& under, int pages) {
    for (int page = 0; page < pages; ++page)
        for (int session = 1; session <= 2; ++session)
            send_page(client, as, page_body("/" + under, session, word(page)));
}

}  // namespace

TEST_CASE("a page goes in, and comes out with what the model says about it") {
    const auto tenants = make_tenants(the_system(), 2);
    raise_page_limits(tenants[0]);
    raise_page_limits(tenants[1]);
    http_client client(the_system()["ND_URL"]);
    const http_client::header_map mine{{"X-ND-Key", tenants[0].key}};
    CHECK(client.get("/v1/schema?page=/settings", mine).status == 404);
    send_pages(client, tenants[0], "settings", 1);
    http_answer said;
    REQUIRE(eventually(40s, [&] {
        said = client.get("/v1/schema?page=%2Fsettings", mine);
        return said.status == 200 && said.body.find("\"enriched\" : true") != std::string::npos;
    }));
    const auto page = boost::json::parse(said.body);
    CHECK(page.at("enrichment").at("elements").as_array().size() >= 1);
    CHECK(said.body.find("Invite alpha") != std::string::npos);
    CHECK(said.body.find("ann@") == std::string::npos);
    auto again = mine;
    again["If-None-Match"] = said.headers.at("etag");
    CHECK(client.get("/v1/schema?page=/settings", again).status == 304);
    const auto list = boost::json::parse(client.get("/v1/schema", mine).body);
    CHECK(list.at("pages").as_array().size() == 1);
    // The other tenant has none of it.
    const http_client::header_map others{{"X-ND-Key", tenants[1].key}};
    CHECK(client.get("/v1/schema?page=/settings", others).status == 404);
    CHECK(boost::json::parse(client.get("/v1/schema", others).body).at("pages").as_array().empty());
    CHECK(
        the_system().ndctl("schema list --tenant " + tenants[0].tenant).output.find("/settings") !=
        std::string::npos);
    CHECK(the_system().ndctl("schema parked").status == 0);
    CHECK(
        the_system().ndctl("schema cost --tenant " + tenants[0].tenant).output.find("confirmed") !=
        std::string::npos);
}

TEST_CASE("killed -9 again and again on both ways: nothing lost, applied or submitted twice") {
    auto& system = the_system();
    // A lost lease of a batch's step ends after the longest call: shorter here.
    std::ofstream(system.run_dir() + "/env", std::ios::app)
        << "export ND_OPENAI_PATIENCE=5 ND_ENRICHER_BATCH_POLL=1 ND_ENRICHER_PAGES_PER_CALL=2\n";
    const applied_trace trace;
    const auto before = stub().counts();
    const auto batches_before = count("select count(*) from nd.page_batches");
    system.stop("nd-enricher");
    const auto tenants = make_tenants(system, 4);
    http_client client(system["ND_URL"]);
    for (const auto& one : tenants)
        raise_page_limits(one);
    constexpr int pages = 24;
    for (const auto& one : tenants)
        send_pages(client, one, "kill", pages);
    stub().order(R"({"on":"responses","kind":"slow","times":1000,"ms":150})");
    std::mt19937 random(7);  // NOLINT: the same kills each time
    constexpr int kills = 8;
    for (int kill = 0; kill < kills; ++kill) {
        system.start("nd-enricher");
        if (kill == 0) {
            REQUIRE(eventually(40s, [&] {
                return count("select count(*) from nd.page_versions where page = '/kill'") ==
                       4L * pages;
            }));
            for (const auto& one : {tenants[2], tenants[3]})
                REQUIRE(system.ndctl("schema enrich --batch --tenant " + one.tenant).status == 0);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 900));
        system.kill_9("nd-enricher");
    }
    system.start("nd-enricher");
    const auto ended = eventually(180s, [&] {
        return count("select count(*) from nd.page_jobs where state <> 'done'") == 0;
    });
    CHECK(ended);
    // A batch's rows end a moment after its jobs.
    CHECK(eventually(20s, [&] {
        return count(
                   "select count(*) from nd.page_batches where state in ('preparing', "
                   "'submitting', 'submitted')") == 0;
    }));
    CHECK(count("select count(*) from nd.page_structures where page = '/kill' and notes is not "
                "null") == pages * 4);
    CHECK(trace.twice() == 0);
    CHECK(count("select count(*) from nd.model_calls where state = 'open'") == 0);
    CHECK(submitted_twice().empty());
    const auto after = stub().counts();
    CHECK(booked("all").input >= worked_on().input);
    CHECK(booked("all").output >= worked_on().output);
    check_spend();
    MESSAGE(
        kills << " kills: " << count("select count(*) from nd.model_calls where resends")
              << " calls resent, "
              << count("select count(*) from nd.model_calls where state = 'unconfirmed'")
              << " unconfirmed, " << count("select count(*) from nd.page_batches") - batches_before
              << " batches, asked "
              << after.at("worked_on").to_number<int>() - before.at("worked_on").to_number<int>()
              << " times");
}
