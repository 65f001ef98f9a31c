// The batch's way: submitted once whatever happens, and what it brings is applied once.
#include "tests/workers/enricher_world.hpp"

#include <functional>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

void by_batch(enricher_world& world, int pages) {
    for (int page = 0; page < pages; ++page)
        world.take_twice(1, fmt::format("/{}", words.at(static_cast<std::size_t>(page))));
    must(world.admin, "update nd.page_jobs set way = 'batch'");
    world.desk.bounds.pages = 4;
}

// A moment after its last line's jobs.
bool one_batch_ends(enricher_world& world) {
    return world.eventually(10s, [&] {
        return world.count("select count(*) from nd.page_batches where state = 'done'") == 1;
    });
}

}  // namespace

TEST_CASE("what waits goes as one batch, at half the price, and comes back line by line") {
    enricher_world world;
    by_batch(world, 20);
    const auto asking = world.ask();
    REQUIRE(world.eventually(30s, [&] { return world.jobs("done") == 20; }));
    CHECK(one_batch_ends(world));
    CHECK(world.count("select count(*) from nd.model_calls where way = 'batch'") == 5);
    CHECK(world.stub.counts().at("pages").at("total").to_number<int>() == 20);
    world.check_ledger();
}

TEST_CASE("requests that a batch did not get to go the fresh way") {
    enricher_world world;
    by_batch(world, 20);
    std::string fate;
    SUBCASE("partial") {
        fate = "partial";
    }
    SUBCASE("expired") {
        fate = "expired";
    }
    SUBCASE("garbled_lines") {
        fate = "garbled_lines";
    }
    SUBCASE("failed") {
        fate = "failed";
    }
    CAPTURE(fate);
    world.stub.order(fmt::format(R"({{"on":"batch","kind":"{}"}})", fate));
    const auto asking = world.ask();
    REQUIRE(world.eventually(40s, [&] { return world.jobs("done") == 20; }));
    CHECK(world.count("select count(*) from nd.model_calls where state = 'open'") == 0);
    CHECK(one_batch_ends(world));
}

TEST_CASE("a batch whose creation nobody heard of is found by its metadata, not made again") {
    enricher_world world;
    by_batch(world, 8);
    world.stub.order(R"({"on":"batches","kind":"silent"})");
    const auto asking = world.ask();
    REQUIRE(world.eventually(40s, [&] { return world.jobs("done") == 8; }));
    CHECK(world.stub.counts().at("pages").at("total").to_number<int>() == 8);
    world.check_ledger();
}

TEST_CASE("a batch that was never submitted is given up, its jobs go again, nothing is booked") {
    enricher_world world;
    by_batch(world, 8);
    {
        workers::job_desk jobs(world.desk);
        workers::batch_desk gone(jobs);
        const auto tenant = schema::parse_tenant_id(tenant_text(1)).value();
        const auto made = gone.add(tenant, 0s);
        REQUIRE(made.has_value());
        REQUIRE(jobs.take(tenant, model::call_way::batch, made->ref)->call.has_value());
    }
    const auto asking = world.ask();
    REQUIRE(world.eventually(30s, [&] { return world.jobs("done") == 8; }));
    CHECK(world.count("select count(*) from nd.page_batches where state = 'failed'") == 1);
    CHECK(world.count("select count(*) from nd.model_calls where state = 'void'") == 1);
    world.check_ledger();
}
