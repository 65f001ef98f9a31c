// nd-enricher killed -9 at each step on both ways to the model, at exactly that step: either the
// stand-in holds the call (lost on its way, or acted on and not answered), or Postgres holds the
// statement. Whatever the step: no job is lost, no answer is applied twice, no batch is submitted
// twice, nothing that the batch's way asked is asked again, and the ledger is right.
#include "tests/e2e/page_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

constexpr int pages = 6;  // of each step's tenant: three calls of two pages

// Where the process is when it is killed.
struct stop_at {
    std::string call;            // of the stand-in's: "POST /v1/files"; or
    std::string when;            // "before" it acts, "after" it; of the nth
    int nth = 1;                 // such call
    std::string statement = {};  // of Postgres's: "update on nd.page_batches"
    std::string only = {};       // the rows that it waits at
};

stop_at call(const std::string& operation, const std::string& when, int nth = 1) {
    return {operation, when, nth};
}
stop_at statement(const std::string& what, const std::string& only) {
    return {"", "", 1, what, only};
}

// Postgres holds a statement for a row that this is true of, until let go of. What is held is never
// committed when its process is killed meanwhile.
class held_statement {
  public:
    explicit held_statement(const stop_at& where) {
        on_ = nd::base::pg::connection::open(the_system()["ND_ADMIN_DATABASE_URL"], {}).value();
        const auto table = where.statement.substr(where.statement.find("nd."));
        script_ = "drop trigger if exists stop_here on " + table;
        run("select pg_advisory_lock(4242)");
        run("create or replace function public.stop_here() returns trigger language plpgsql as $$ "
            "begin if " +
            where.only +
            " then perform pg_advisory_xact_lock_shared(4242); end if; return new; end $$; "
            "create trigger stop_here before " +
            where.statement + " for each row execute function public.stop_here()");
    }
    void let_go() {
        run("select pg_advisory_unlock(4242)");
        run(script_);
    }
    static bool reached() {
        return count(
                   "select count(*) from pg_stat_activity where wait_event = 'advisory' and "
                   "usename = 'nd_enricher'") > 0;
    }

  private:
    void run(const std::string& script) {
        if (const auto done = on_->exec_script(script); !done)
            throw std::runtime_error(done.error().detail);
    }
    std::optional<nd::base::pg::connection> on_;
    std::string script_;
};

struct step {
    std::string name;
    std::vector<stop_at> kills;
    std::string fate = {};  // of the batch, at the stand-in
    bool cancels = false;   // an operator cancels it once it is submitted
    bool by_batch = true;
};

const std::string file = "POST /v1/files", create = "POST /v1/batches";
const std::string list = "GET /v1/batches", look = "GET /v1/batches/{id}";
const std::string content = "GET /v1/files/{id}/content";
const std::string cancel = "POST /v1/batches/{id}/cancel", ask = "POST /v1/responses";

stop_at becomes(const std::string& state) {
    return statement("update on nd.page_batches",
                     "new.state = '" + state + "' and old.state <> '" + state + "'");
}

// Until it is submitted, and known to be.
std::vector<step> first_steps() {
    const auto half_void = statement(
        "update on nd.model_calls",
        "new.state = 'void' and (select count(*) from nd.model_calls where state = 'void') = 1");
    return {
        {"the batch is being written down", {statement("insert on nd.page_batches", "true")}},
        {"half of its requests are made",
         {statement("insert on nd.model_calls",
                    "(select count(*) from nd.model_calls where batch_ref = new.batch_ref) = 1")}},
        {"the file is on its way", {call(file, "before")}},
        {"the file is there, nobody heard of it", {call(file, "after")}},
        {"the file is there, not written down", {becomes("submitting")}},
        {"half of a batch that was never submitted is given up", {call(file, "after"), half_void}},
        {"the batch is on its way", {call(create, "before")}},
        {"the batch is there, nobody heard of it", {call(create, "after")}},
        {"the batch is there, not written down", {becomes("submitted")}},
        {"it is looked for, the question is on its way",
         {call(create, "after"), call(list, "before")}},
        {"it is found, nobody heard of it", {call(create, "after"), call(list, "after")}},
        {"it is found, not written down", {call(create, "after"), becomes("submitted")}},
        {"it is not found, and on its way again", {call(create, "before"), call(create, "before")}},
        {"it is not found, and there the second time",
         {call(create, "before"), call(create, "after")}},
    };
}

// From there to the end; and the fresh way.
std::vector<step> last_steps() {
    const auto half_done = statement(
        "update on nd.page_jobs",
        "new.state = 'done' and (select count(*) from nd.page_jobs where state = 'done') = 3");
    return {
        {"a look is on its way", {call(look, "before")}},
        {"a look is answered", {call(look, "after")}},
        {"the output is asked for", {call(content, "before")}},
        {"the output is answered", {call(content, "after")}},
        {"the error file is asked for", {call(content, "before", 2)}, "partial"},
        {"the error file is answered", {call(content, "after", 2)}, "partial"},
        {"half of the answers are applied", {half_done}},
        {"half are applied, and then all but the last word", {half_done, becomes("done")}},
        {"half of a partial batch is applied", {half_done}, "partial"},
        {"the cancel is on its way", {call(cancel, "before")}, "stuck", true},
        {"the cancel is answered", {call(cancel, "after")}, "stuck", true},
        {"a cancelled batch's files are read", {call(content, "after")}, "stuck", true},
        {"a call of the fresh way is written down",
         {statement("insert on nd.model_calls", "new.way = 'fresh'")},
         "",
         false,
         false},
        {"a call of the fresh way is on its way", {call(ask, "before")}, "", false, false},
        {"a call of the fresh way is answered", {call(ask, "after")}, "", false, false},
        {"half of a call of the fresh way is applied",
         {statement("update on nd.page_jobs",
                    "new.state = 'done' and exists (select from nd.page_jobs where call_id is null "
                    "and state = 'done')")},
         "",
         false,
         false},
    };
}

class killed_world {
  public:
    killed_world() {
        // A page waits a minute for company, and then an hour: no job is due before a step says so.
        enricher_.emplace(own_enricher({{"ND_ENRICHER_LINGER_MS", "60000"},
                                        {"ND_ENRICHER_PAGES_PER_CALL", "2"},
                                        {"ND_ENRICHER_CALLS", "1"},
                                        {"ND_ENRICHER_BATCH_POLL", "1"},
                                        {"ND_OPENAI_PATIENCE", "5"}}));
        set_batch_phase(100ms);
        before_all_ = booked("all");
        paid_before_ = worked_on();
        steps_ = first_steps();
        for (auto& one : last_steps())
            steps_.push_back(std::move(one));
        tenants_ = make_tenants(the_system(), static_cast<int>(steps_.size()));
        http_client client(the_system()["ND_URL"]);
        for (const auto& one : tenants_) {
            const auto done =
                the_system().ndctl("schema set --min-sessions 1 --tenant " + one.tenant);
            if (done.status != 0) throw std::runtime_error(done.output);
            for (int page = 0; page < pages; ++page)  // within the limit of ten a minute
                send_page(client, one, page_body("/steps/" + word(page), 1, word(page)));
        }
        enricher_->start();
        const auto all = static_cast<std::int64_t>(tenants_.size()) * pages;
        if (!eventually(60s, [&] { return jobs_of("", "queued") == all; }))
            throw std::runtime_error("the pages are not there: " + enricher_->log_end());
        sql("update nd.page_jobs set next_try = now() + interval '1 hour'");
    }

    void run(std::size_t which) {
        const auto& now = steps_[which];
        const auto& tenant = tenants_[which].tenant;
        CAPTURE(now.name);
        const auto paid = worked_on();
        const auto confirmed = booked("confirmed");
        const auto asked = stub().counts().at("pages").at("total").to_number<int>();
        if (!now.fate.empty()) stub().order(R"({"on":"batch","kind":")" + now.fate + "\"}");
        for (std::size_t i = 0; i < now.kills.size(); ++i)
            kill_at(now.kills[i], [&] { i == 0 ? begin(now, tenant) : enricher_->start(); });
        if (!enricher_->runs()) enricher_->start();
        const auto ended = eventually(60s, [&] {
            return jobs_of(tenant, "done") == pages &&
                   count("select count(*) from nd.page_batches where ended_at is null") == 0;
        });
        CHECK_MESSAGE(ended, enricher_->log_end());
        CHECK(trace_.once(tenant) == pages);
        CHECK(trace_.twice() == 0);
        CHECK(submitted_twice().empty());
        CHECK(count("select count(*) from nd.model_calls where state = 'open'") == 0);
        check_spend();
        const auto of_it = [](tokens after, tokens before) {
            return tokens{after.input - before.input, after.output - before.output};
        };
        const auto cost = of_it(worked_on(), paid);
        const auto known = of_it(booked("confirmed"), confirmed);
        const auto again = stub().counts().at("pages").at("total").to_number<int>() - asked - pages;
        const auto resent = count(
            "select count(*) from nd.model_calls where resends and "
            "tenant_id = '" +
            tenant + "'");
        const auto unknown = count(
            "select count(*) from nd.model_calls where state = "
            "'unconfirmed' and tenant_id = '" +
            tenant + "'");
        if (now.by_batch) {
            CHECK(again == 0);
            CHECK(resent + unknown == 0);
            CHECK(known == cost);
        } else {
            // What was open when the process ended stays booked, and went once more.
            CHECK(again <= 2);
            CHECK(resent == unknown);
            CHECK(unknown <= 1);
            const auto all = of_it(booked("all"), before_all_);
            CHECK(all.input >= worked_on().input - paid_before_.input);
            CHECK(all.output >= worked_on().output - paid_before_.output);
        }
    }

    [[nodiscard]] std::size_t steps() const { return steps_.size(); }

  private:
    static std::int64_t jobs_of(const std::string& tenant, const std::string& state) {
        return count("select count(*) from nd.page_jobs where state = '" + state + "'" +
                     (tenant.empty() ? "" : " and tenant_id = '" + tenant + "'"));
    }
    static void must(const std::string& arguments) {
        const auto done = the_system().ndctl(arguments);
        REQUIRE_MESSAGE(done.status == 0, done.output);
    }
    void begin(const step& now, const std::string& tenant) {
        if (!enricher_->runs()) enricher_->start();
        must("schema enrich " + std::string(now.by_batch ? "--batch" : "") + " --tenant " + tenant);
        if (!now.cancels) return;
        const auto under_way =
            "select count(*) from nd.page_batches where state = 'submitted' and "
            "outcome = 'in_progress' and tenant_id = '" +
            tenant + "'";
        REQUIRE(eventually(20s, [&] { return count(under_way) == 1; }));
        must("schema enrich --cancel --tenant " + tenant);
    }
    void kill_at(const stop_at& where, const std::function<void()>& go) {
        std::optional<held_statement> held;
        if (where.call.empty()) {
            held.emplace(where);
        } else {
            stub().hold(where.call, where.when, where.nth);
        }
        go();
        const auto reached =
            eventually(20s, [&] { return held ? held_statement::reached() : stub().reached(); });
        CHECK_MESSAGE(reached, enricher_->log_end());
        enricher_->kill_9();
        if (held) {
            held->let_go();
        } else {
            stub().let_go();
        }
        // What was held has ended; then, as if the dead process's leases had run out.
        CHECK(eventually(10s, [] {
            return count("select count(*) from pg_stat_activity where usename = 'nd_enricher'") ==
                   0;
        }));
        sql("update nd.page_batches set next_try = now() where ended_at is null; "
            "update nd.page_jobs set next_try = now() where state = 'sending'");
    }

    applied_trace trace_;
    std::optional<process> enricher_;
    std::vector<step> steps_;
    std::vector<tenant_key> tenants_;
    tokens before_all_;
    tokens paid_before_;
};

}  // namespace

TEST_CASE("killed at each step: nothing is lost, applied, submitted or, by batch, paid twice") {
    killed_world world;
    for (std::size_t i = 0; i < world.steps(); ++i)
        world.run(i);
}
