// ndctl schema against a real Postgres.
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

namespace {

struct with_pages : ops_database {
    base::pg::connection admin = database.admin();
    std::string tenant = make("acme");
    std::string other = make("other");

    std::string make(const std::string& name) const {
        return std::string(must_run({"tenant", "create", name}).at("tenant_id").as_string());
    }
    with_pages() {
        for (const auto& of : {tenant, other}) {
            add(of, "/a", "parked", "refusal: no");
            add(of, "/b", "done", "");
            add(of, "/c", "queued", "budget: tenant_budget");
        }
    }
    void add(const std::string& of, const std::string& page, const std::string& state,
             const std::string& reason) {
        const auto fp = "sha256('" + of + page + "')";
        must(admin,
             "insert into nd.page_versions values ('" + of + "', " + fp + ", '" + page +
                 "', '[{\"ref\":1,\"role\":\"button\",\"name\":\"Save\"}]', now(), now(), 'T', " +
                 fp +
                 "); insert into nd.page_structures (tenant_id, model_fingerprint, page, "
                 "version, notes) values ('" +
                 of + "', " + fp + ", '" + page + "', 1, " +
                 (state == "done" ? "'{\"purpose\":\"p\",\"sections\":[],\"elements\":[],"
                                    "\"tours\":[]}'"
                                  : "null") +
                 "); insert into nd.page_jobs (tenant_id, model_fingerprint, state, reason, "
                 "attempts, smaller) values ('" +
                 of + "', " + fp + ", '" + state + "', '" + reason + "', 2, true)");
    }
    std::int64_t jobs(const std::string& where) {
        return number(admin, "select count(*) from nd.page_jobs where " + where);
    }
};

}  // namespace

TEST_CASE("list, show and parked say what there is, of one tenant or of all") {
    with_pages db;
    CHECK(db.must_run({"schema", "list"}).at("tenants").as_array().size() == 2);
    CHECK(db.must_run({"schema", "list", "--tenant", db.tenant}).at("pages").as_array().size() ==
          3);
    const auto page = db.must_run({"schema", "show", "--tenant", db.tenant, "/b"});
    CHECK(page.at("enriched").as_bool());
    CHECK(page.at("enrichment").at("purpose").as_string() == "p");
    CHECK_FALSE(
        db.must_run({"schema", "show", "--tenant", db.tenant, "/a"}).at("enriched").as_bool());
    CHECK(db.run({"schema", "show", "--tenant", db.tenant, "/none"}).status != exit_status::fine);
    const auto parked = db.run({"schema", "parked", "--tenant", db.tenant});
    CHECK(parked.status == exit_status::finding);
    CHECK(parked.out.find("refusal: no") != std::string::npos);
    CHECK(parked.out.find(db.other) == std::string::npos);
}

TEST_CASE("retry brings back what is parked or waits for a budget, of that tenant and page only") {
    with_pages db;
    must(db.admin, "update nd.model_halt set halted_at = now(), reason = 'quota: none left'");
    CHECK(db.run({"schema", "list"}).out.find("quota: none left") != std::string::npos);
    const auto one = db.must_run({"schema", "retry", "--tenant", db.tenant, "--page", "/a"});
    CHECK(one.at("retried").to_number<int>() == 1);
    CHECK(one.at("was_halted").as_bool());
    CHECK(db.jobs("state = 'parked'") == 1);
    CHECK(db.must_run({"schema", "retry"}).at("retried").to_number<int>() == 3);
    CHECK(db.jobs("state = 'queued' and attempts = 0 and not smaller") == 4);
    CHECK(db.jobs("state = 'done'") == 2);
}

TEST_CASE("enrich chooses the way, set the tenant's own settings, cost adds up") {
    with_pages db;
    CHECK(db.must_run({"schema", "enrich", "--batch", "--tenant", db.tenant})
              .at("chosen")
              .to_number<int>() == 1);
    CHECK(db.jobs("way = 'batch'") == 1);
    const auto set = db.must_run({"schema", "set", "--tenant", db.tenant, "--min-sessions", "1",
                                  "--monthly-budget", "2.50"});
    CHECK(set.at("min_sessions").to_number<int>() == 1);
    CHECK(set.at("monthly_budget").as_string() == "2.50");
    CHECK(db.must_run({"schema", "set", "--tenant", db.tenant, "--monthly-budget", "default"})
              .at("min_sessions")
              .to_number<int>() == 1);
    CHECK(db.run({"schema", "set", "--tenant", db.tenant, "--monthly-budget", "much"}).status ==
          exit_status::usage);
    must(db.admin,
         "insert into nd.model_calls (tenant_id, call_id, way, state, model, pages, month, "
         "input_tokens, output_tokens, nano) values ('" +
             db.tenant +
             "', gen_random_uuid(), 'fresh', 'confirmed', 'm', 2, '2026-11-01', 10, 20, "
             "1500000000); insert into nd.model_spend values ('2026-11-01', 1500000000)");
    const auto cost = db.must_run({"schema", "cost", "--month", "2026-11"});
    CHECK(cost.at("total_dollars").as_string() == "1.50");
    CHECK(cost.at("lines").as_array().size() == 1);
    CHECK(db.must_run({"schema", "cost", "--month", "2026-10"}).at("lines").as_array().empty());
    CHECK(db.run({"schema", "cost", "--month", "2026-13"}).status == exit_status::usage);
}

TEST_CASE(
    "prune deletes what nobody has loaded for long, of that tenant only, and no job on its way") {
    with_pages db;
    must(db.admin,
         "update nd.page_versions set last_seen = now() - interval '200 days' where page <> "
         "'/a'; update nd.page_structures set made_at = now() - interval '200 days'; "
         "insert into nd.page_texts select tenant_id, fingerprint, '{}', last_seen from "
         "nd.page_versions; update nd.page_jobs set state = 'sending' where state = "
         "'queued'");
    CHECK(db.run({"schema", "prune"}).status == exit_status::usage);
    CHECK(db.run({"schema", "prune", "--older-than", "1d"}).status == exit_status::usage);
    const auto none = db.must_run({"schema", "prune", "--older-than", "300d"});
    CHECK(none.at("versions").to_number<int>() == 0);
    const auto gone =
        db.must_run({"schema", "prune", "--older-than", "180d", "--tenant", db.tenant});
    CHECK(gone.at("versions").to_number<int>() == 2);
    CHECK(gone.at("texts").to_number<int>() == 2);
    CHECK(gone.at("structures").to_number<int>() == 1);  // /c is being asked about
    CHECK(number(db.admin, "select count(*) from nd.page_versions") == 4);
    CHECK(db.jobs("state = 'done'") == 1);
    CHECK(db.jobs("state = 'sending'") == 2);
    CHECK(
        db.must_run({"schema", "prune", "--older-than", "180d"}).at("versions").to_number<int>() ==
        2);
}

TEST_CASE("cancel asks the batches that are under way to end, of that tenant only, and says so") {
    with_pages db;
    for (const auto& of : {db.tenant, db.other})
        for (const auto* state : {"preparing", "submitting", "submitted", "done", "failed"})
            must(db.admin,
                 "insert into nd.page_batches (tenant_id, batch_ref, state, next_try) values ('" +
                     of + "', gen_random_uuid(), '" + state + "', now())");
    const auto said = db.run({"schema", "enrich", "--cancel", "--tenant", db.tenant});
    CHECK(said.status == exit_status::fine);
    CHECK(said.out.find("3 batches asked to end; what is not done goes the fresh way") !=
          std::string::npos);
    CHECK(number(db.admin, "select count(*) from nd.page_batches where cancel") == 3);
    CHECK(db.run({"schema", "enrich", "--cancel", "--tenant", db.tenant}).out.find("0 batches") !=
          std::string::npos);
    CHECK(db.run({"schema", "enrich", "--cancel", "--batch"}).status == exit_status::usage);
    CHECK(db.jobs("way = 'batch'") == 0);
}
