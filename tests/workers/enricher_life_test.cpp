// The lives that a batch can have besides a good one, and what each means for jobs and ledger.
#include "tests/workers/enricher_world.hpp"

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

const std::string uploads = "POST /v1/files";
const std::string creates = "POST /v1/batches";

// Who puts a batch of the first tenant's together, step by step.
struct maker {
    explicit maker(enricher_world& world) : jobs(world.desk) {}
    base::result<workers::job_desk::taken> take(std::chrono::seconds lease = 0s) {
        return jobs.take(made.tenant, model::call_way::batch, made.ref, lease);
    }
    workers::job_desk jobs;
    workers::batch_desk batches{jobs};
    workers::known_batch made =
        batches.add(schema::parse_tenant_id(tenant_text(1)).value(), 0s).value();
};

struct batch_world : enricher_world {
    explicit batch_world(int pages = 20) {
        add(1, pages);
        desk.bounds.pages = 4;
    }
    void add(int tenant, int pages) {
        for (int page = 0; page < pages; ++page)
            take_twice(tenant, fmt::format("/{}", words.at(static_cast<std::size_t>(page))));
        must(admin, "update nd.page_jobs set way = 'batch'");
    }
    void fate(const std::string& kind) { stub.order(R"({"on":"batch","kind":")" + kind + "\"}"); }
    std::int64_t called(const std::string& operation) {
        const auto said = stub.counts();
        const auto* found = said.at("calls").get_object().if_contains(operation);
        return found == nullptr ? 0 : found->to_number<std::int64_t>();
    }
    std::int64_t calls(const std::string& state) {
        return count("select count(*) from nd.model_calls where state = '" + state + "'");
    }
    bool all_done(std::int64_t pages) {
        return eventually(40s, [&] { return jobs("done") == pages; });
    }
    // Nobody may have worked for us without its being booked.
    void check_booked() {
        CHECK(count("select sum(input_tokens) from nd.model_calls") >= stub.count("input_tokens"));
        CHECK(count("select sum(output_tokens) from nd.model_calls") >=
              stub.count("output_tokens"));
        CHECK(calls("open") == 0);
        CHECK(count("select sum(nano) from nd.model_calls") ==
              count("select sum(nano) from nd.model_spend"));
    }
    // As a process that is gone left it: five requests, put together and perhaps submitted.
    workers::known_batch left_behind(const std::string& state) {
        maker gone(*this);
        while (gone.take()->call) {
        }
        gone.made.input_file_id = "file-gone";
        REQUIRE(gone.batches.move(gone.made, state, 0s).has_value());
        return gone.made;
    }
};

}  // namespace

TEST_CASE("what a batch tells of in no file stays booked, and goes the fresh way") {
    batch_world world;
    world.fate("missing");
    const auto asking = world.ask();
    REQUIRE(world.all_done(20));
    CHECK(world.calls("unconfirmed") == 2);  // the second and the fourth line of five
    world.check_booked();
}

TEST_CASE("what the service says it did not do costs nothing") {
    batch_world world;
    SUBCASE("it failed") {
        world.fate("partial");
    }
    SUBCASE("there was no time for it") {
        world.fate("expired");
    }
    SUBCASE("the whole batch was refused") {
        world.fate("failed");
    }
    const auto asking = world.ask();
    REQUIRE(world.all_done(20));
    CHECK(world.calls("unconfirmed") == 0);
    CHECK(world.stub.counts().at("pages").at("total").to_number<int>() == 20);
    world.check_ledger();
}

TEST_CASE("a cancelled batch: what is done counts, the rest goes the fresh way and costs once") {
    batch_world world;
    world.fate("stuck");
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] {
        return world.count("select count(*) from nd.page_batches where outcome = 'in_progress'") ==
               1;
    }));
    CHECK(world.jobs("batched") == 20);
    must(world.admin, "update nd.page_batches set cancel = true");
    REQUIRE(world.all_done(20));
    CHECK(world.count("select count(*) from nd.page_batches where outcome = 'cancelled'") == 1);
    CHECK(world.count("select count(*) from nd.model_calls where way = 'batch' and state = "
                      "'confirmed'") == 2);
    CHECK(world.stub.counts().at("pages").at("total").to_number<int>() == 20);
    world.check_ledger();
}

TEST_CASE("a batch that is cancelled before it is submitted never is") {
    batch_world world;
    static_cast<void>(world.left_behind("submitting"));
    must(world.admin, "update nd.page_batches set cancel = true");
    const auto asking = world.ask();
    REQUIRE(world.all_done(20));
    CHECK(world.called(creates) == 0);
    CHECK(world.calls("void") == 5);
    world.check_ledger();
}

TEST_CASE("a batch that was given up takes no more jobs, however late its maker wakes up") {
    batch_world world;
    maker slow(world);
    REQUIRE(slow.take().has_value());
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] {
        return world.count("select count(*) from nd.page_batches where state = 'failed'") == 1;
    }));
    const auto late = slow.take();
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == base::errc::conflict);
    REQUIRE(world.all_done(20));
    world.check_ledger();
}

TEST_CASE("a batch stays its maker's while it is being put together, and not for long after") {
    batch_world world;
    maker slow(world);
    REQUIRE(slow.take(60s).has_value());
    CHECK_FALSE(slow.batches.pick(60s).value().has_value());
    REQUIRE(slow.take(0s).has_value());
    CHECK(slow.batches.pick(60s).value().has_value());
}

TEST_CASE("a batch that does not end is given up in the end: booked, and its jobs go again") {
    batch_world world;
    world.batches.longest = 2s;
    world.batches.cancelling = 1s;
    SUBCASE("it is worked on for ever") {
        world.fate("stuck");
        const auto asking = world.ask();
        REQUIRE(world.all_done(20));
        CHECK(world.count("select count(*) from nd.page_batches where outcome = 'cancelled'") == 1);
        CHECK(world.stub.counts().at("pages").at("total").to_number<int>() == 20);
    }
    SUBCASE("the service knows nothing of it") {
        auto left = world.left_behind("submitted");
        const auto asking = world.ask();
        REQUIRE(world.all_done(20));
        CHECK(world.calls("unconfirmed") == 5);
        CHECK(world.count("select count(*) from nd.page_batches where state = 'failed'") == 1);
    }
    world.check_booked();
}

TEST_CASE("while the service takes no file, it is asked again and again, but not all the time") {
    batch_world world;
    SUBCASE("it fails") {
        world.stub.order(R"({"on":"files","kind":"status","times":1000})");
        const auto asking = world.ask();
        REQUIRE(world.eventually(20s, [&] { return world.called(uploads) >= 2; }));
        std::this_thread::sleep_for(2s);
        CHECK(world.called(uploads) <= 5);
        CHECK(world.count("select count(*) from nd.page_batches") <= 5);
    }
    SUBCASE("it says when to come again") {
        world.stub.order(R"({"on":"files","kind":"rate_limit","retry_after":"3"})");
        const auto asking = world.ask();
        REQUIRE(world.eventually(20s, [&] { return world.called(uploads) == 1; }));
        std::this_thread::sleep_for(2s);
        CHECK(world.called(uploads) == 1);
        REQUIRE(world.all_done(20));
        world.check_ledger();
    }
}

TEST_CASE("a tenant with many batches to make does not keep another from its first") {
    batch_world world(20);
    world.add(2, 1);
    world.desk.bounds.pages = 1;
    world.batches.most.lines = 1;
    const auto asking = world.ask();
    const auto of_second = "tenant_id = '" + tenant_text(2) + "'";
    REQUIRE(world.eventually(20s, [&] {
        return world.count("select count(*) from nd.page_batches where " + of_second) == 1;
    }));
    CHECK(world.count("select count(*) from nd.page_batches where made_at < (select made_at from "
                      "nd.page_batches where " +
                      of_second + ")") <= 2);
}

TEST_CASE("a batch whose lines find no money left stops all asking until somebody acts") {
    batch_world world;
    world.fate("no_money");
    const auto asking = world.ask();
    REQUIRE(world.eventually(20s, [&] {
        return world.count("select count(*) from nd.model_halt where halted_at is not null") == 1;
    }));
    std::this_thread::sleep_for(500ms);
    CHECK(world.called("POST /v1/responses") == 0);
    CHECK(world.jobs("queued") == 20);
    must(world.admin, "update nd.model_halt set halted_at = null");
    REQUIRE(world.all_done(20));
    world.check_ledger();
}
