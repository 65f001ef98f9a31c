// nd-enricher's two ways to the model against a real Postgres and the stand-in: each structure is
// asked about once, its answer is applied once, and the ledger says what the service says.
#include "tests/workers/enricher_world.hpp"

#include <boost/json/serialize.hpp>

#include <functional>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

std::string fault(const std::string& kind, int times = 1, const std::string& more = "") {
    return fmt::format(R"({{"on":"responses","kind":"{}","times":{}{}}})", kind, times, more);
}

// The end of a call that another has taken over meanwhile.
std::size_t end_late(workers::job_desk& desk, const workers::taken_call& call) {
    workers::call_end how;
    how.money = workers::call_end::booked::confirmed;
    how.usage = {10, 0, 10};
    workers::job_end done;
    done.is = workers::job_end::what::done;
    done.notes = "{}";
    how.jobs.push_back(std::move(done));
    return desk.end(call.tenant, call.id, call.way, call.jobs, how).value();
}

}  // namespace

TEST_CASE(
    "a page that a thousand loads bring is one job, one call, and has notes on its elements") {
    enricher_world world;
    std::vector<test_record> loads;
    loads.reserve(1000);
    for (int i = 0; i < 1000; ++i)
        loads.push_back(page_load_of(1, "/settings", i % 50));
    CHECK(world.take(loads).jobs == 1);
    CHECK(world.take(loads).jobs == 0);
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] { return world.jobs("done") == 1; }));
    CHECK(world.stub.count("worked_on") == 1);
    CHECK(world.count("select jsonb_array_length(notes -> 'elements') from nd.page_structures") >
          0);
    CHECK(world.count("select count(*) from nd.page_structures where notes::text like "
                      "'%Invite people%'") == 1);
    world.check_ledger();
}

TEST_CASE("what one session alone has met is not asked about, and never shown") {
    enricher_world world;
    const auto secret = R"(,{"ref":4,"role":"button","name":"Delete mail from Alice"})";
    CHECK(world.take({page_load_of(1, "/mail", 1, secret)}).jobs == 0);
    CHECK(world.take({page_load_of(1, "/mail", 2)}).jobs == 1);
    CHECK(world.take({page_load_of(1, "/mail", 1, secret)}).jobs == 1);  // with [unseen] in it
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] { return world.jobs("done") == 2; }));
    const auto bodies = boost::json::serialize(world.stub.bodies());
    CHECK(bodies.find("Invite people") != std::string::npos);
    CHECK(bodies.find("[unseen]") != std::string::npos);
    CHECK(bodies.find("Alice") == std::string::npos);
}

TEST_CASE("distinct pages of several tenants: each in exactly one request, none with another's") {
    enricher_world world;
    for (int tenant = 1; tenant <= 3; ++tenant)
        for (int page = 0; page < 20; ++page)
            world.take_twice(tenant,
                             fmt::format("/{}/{}", words.at(static_cast<std::size_t>(tenant)),
                                         words.at(static_cast<std::size_t>(page))));
    const auto asking = world.ask();
    REQUIRE(world.eventually(30s, [&] { return world.jobs("done") == 60; }));
    const auto pages = world.stub.counts().at("pages");
    CHECK(pages.at("distinct").to_number<int>() == 60);
    CHECK(pages.at("total").to_number<int>() == 60);
    CHECK(world.stub.count("worked_on") < 60);  // several pages in one
    CHECK(world.count("select count(distinct tenant_id) from nd.model_calls") == 3);
    world.check_ledger();
}

TEST_CASE(
    "faults of the service are waited out; an answer of no use comes smaller, then is parked") {
    enricher_world world;
    for (const char* page : {"/a", "/b", "/c"})
        world.take_twice(1, page);
    SUBCASE("a rate limit, a 500, and a refusal once") {
        world.stub.order(fault("rate_limit", 1, R"(,"retry_after":"1")"));
        world.stub.order(fault("status"));
        world.stub.order(fault("refusal"));
        const auto asking = world.ask();
        REQUIRE(world.eventually(30s, [&] { return world.jobs("done") == 3; }));
        world.check_ledger();
    }
    SUBCASE("refused again and again") {
        world.stub.order(fault("refusal", 10));
        const auto asking = world.ask();
        REQUIRE(world.eventually(30s, [&] { return world.jobs("parked") == 3; }));
        CHECK(world.stub.count("worked_on") == 4);  // the three together, then each by itself
        CHECK(world.count("select count(*) from nd.page_jobs where reason like 'refusal%'") == 3);
        world.check_ledger();
    }
    SUBCASE("an answer that is lost on its way stays booked") {
        world.stub.order(fault("silent"));
        const auto asking = world.ask();
        REQUIRE(world.eventually(30s, [&] { return world.jobs("done") == 3; }));
        CHECK(world.count("select count(*) from nd.model_calls where state = 'unconfirmed'") == 1);
        CHECK(world.count("select sum(output_tokens) from nd.model_calls") >=
              world.stub.count("output_tokens"));
    }
    SUBCASE("no money left is never asked again before somebody acts") {
        world.stub.order(fault("quota", 1));
        const auto asking = world.ask();
        REQUIRE(world.eventually(20s, [&] {
            return world.count("select count(*) from nd.model_halt where halted_at is not null") ==
                   1;
        }));
        std::this_thread::sleep_for(1500ms);
        CHECK(world.stub.counts().at("calls").at("POST /v1/responses").to_number<int>() == 1);
        CHECK(world.jobs("queued") == 3);
        must(world.admin, "update nd.model_halt set halted_at = null");
        REQUIRE(world.eventually(20s, [&] { return world.jobs("done") == 3; }));
        world.check_ledger();
    }
}

TEST_CASE("a budget holds before the call") {
    enricher_world world;
    world.take_twice(1, "/a");
    world.desk.tenant_nano = 1;
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] {
        return world.count("select count(*) from nd.page_jobs where reason like 'budget%'") == 1;
    }));
    CHECK(world.stub.count("worked_on") == 0);
    CHECK(world.count("select count(*) from nd.model_calls") == 0);
}

TEST_CASE("a call whose process is gone goes once more, marked, with both booked") {
    enricher_world world;
    world.take_twice(1, "/a");
    world.desk.lease_s = 1;
    workers::job_desk gone(world.desk);
    const auto tenant = schema::parse_tenant_id(tenant_text(1)).value();
    const auto taken = gone.take(tenant, model::call_way::fresh);
    REQUIRE(taken.has_value());
    REQUIRE(taken->call.has_value());
    world.desk.lease_s = 20;
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] { return world.jobs("done") == 1; }));
    CHECK(world.count("select count(*) from nd.model_calls where resends") == 1);
    CHECK(world.count("select count(*) from nd.model_calls where state = 'unconfirmed'") == 1);
    CHECK(world.count("select resent from nd.page_jobs") == 1);
    // Its answer comes after all: booked as it was, applied no more.
    CHECK(end_late(gone, *taken->call) == 0);
    CHECK(world.count("select count(*) from nd.model_calls where state = 'confirmed'") == 2);
}
