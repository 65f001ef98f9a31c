// Migration 014: who sees and changes what, jobs that are applied once, budgets that hold.
#include "tests/pg/two_tenants.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>

using namespace nd;
using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

constexpr std::array tables{"page_texts",  "enrich_settings", "page_structures", "page_jobs",
                            "model_calls", "page_batches",    "tenant_spend"};

std::string take(const std::string& tenant, const char* session) {
    return fmt::format(
        "select nd.take_page({}, sha256('v'), '/a', 'T', '[]', {}, array[sha256('text')])", tenant,
        session);
}
std::string want(const std::string& tenant, int number) {
    return fmt::format("select nd.want_structure({}, sha256('v'), sha256('m{}'), '/a', 1, 0)",
                       tenant, number);
}
std::string call_id(int number) {
    return fmt::format("'00000000-0000-0000-0000-{:012}'", number);
}
std::string open(const std::string& tenant, int call, int structure, int lease_s = 60,
                 const char* budgets = "null, null") {
    return fmt::format(
        "select nd.open_call({}, {}, 'fresh', null, 'm', array[sha256('m{}')], 10, "
        "10, 1000, {}, {}, null)",
        tenant, call_id(call), structure, budgets, lease_s);
}
std::string finish(const std::string& tenant, int call, int structure) {
    return fmt::format(
        "select nd.end_job({}, {}, sha256('m{}'), 'done', '{{}}', 'm', 'fresh', false, 1, 0, '')",
        tenant, call_id(call), structure);
}
std::string close(const std::string& tenant, int call, const char* state, int nano) {
    return fmt::format("select nd.close_call({}, {}, '{}', 1, 0, 1, {}, 'r', '')", tenant,
                       call_id(call), state, nano);
}
// One value of the last row of a script in the tenant's transaction, which is committed.
std::string value(pg::connection& on, const std::string& tenant, const std::string& script) {
    const auto rows = must(on, "begin; select set_config('app.tenant_id', " + tenant + ", true); " +
                                   script + " as said");
    std::string said(rows[0].text("said"));
    must(on, "commit");
    return said;
}

}  // namespace

TEST_CASE("a tenant's jobs, calls, texts and budgets are its own") {
    two_tenants two;
    auto worker = two.database.as("nd_enricher");
    for (const auto& tenant : {two.a, two.b}) {
        static_cast<void>(value(worker, tenant, take(tenant, "'\\x01'")));
        static_cast<void>(value(worker, tenant, want(tenant, 1)));
        static_cast<void>(value(worker, tenant, open(tenant, 1, 1)));
        must(two.admin, "insert into nd.enrich_settings values (" + tenant + ")");
        must(two.admin,
             "insert into nd.page_batches (tenant_id, batch_ref, next_try) "
             "values (" +
                 tenant + ", gen_random_uuid(), now())");
    }
    for (const char* role : {"nd_enricher", "nd_operator"}) {
        for (pg::connection& on : two.database.both(role)) {
            for (const std::string table : tables) {
                CAPTURE(role);
                CAPTURE(table);
                CHECK(number(on, "select count(*) from nd." + table) == 0);
                CHECK(seen(on, two.a, "select from nd." + table) == 1);
                CHECK(seen(on, two.a, "select from nd." + table + " where tenant_id = " + two.b) ==
                      0);
            }
        }
    }
    for (const char* role : {"nd_ingest", "nd_writer", "nd_migrate"}) {
        for (pg::connection& on : two.database.both(role)) {
            for (const std::string table : tables) {
                CAPTURE(role);
                CHECK(refused(on, two.a, "select from nd." + table) == denied);
            }
        }
    }
    // Whose turn it is, without a context: ids of tenants and nothing else.
    CHECK(number(worker, "select count(*) from nd.tenants_with_batches()") == 2);
    CHECK(refused(worker, two.a, take(two.b, "'\\x01'")) == denied);
    CHECK(refused(worker, two.a, want(two.b, 2)) == denied);
    CHECK(value(worker, two.a, finish(two.b, 1, 1)) == "f");
    CHECK(value(worker, two.a, close(two.b, 1, "void", 0)) == "f");
    CHECK(refused(worker, two.a, "update nd.page_jobs set tenant_id = " + two.b) == denied);
}

TEST_CASE("a text is shown once enough distinct sessions have met it") {
    two_tenants two;
    auto worker = two.database.as("nd_enricher");
    CHECK(value(worker, two.a, take(two.a, "'\\x01'")) == "{f}");
    CHECK(value(worker, two.a, take(two.a, "'\\x01'")) == "{f}");
    CHECK(value(worker, two.a, take(two.a, "null")) == "{f}");
    CHECK(value(worker, two.b, take(two.b, "'\\x02'")) == "{f}");
    CHECK(value(worker, two.a, take(two.a, "'\\x02'")) == "{t}");
    must(two.admin, "insert into nd.enrich_settings (tenant_id, min_sessions) values (" + two.a +
                        ", 3), (" + two.b + ", 1)");
    CHECK(value(worker, two.a, take(two.a, "'\\x02'")) == "{f}");
    CHECK(value(worker, two.b, take(two.b, "null")) == "{t}");
    for (int i = 0; i < 40; ++i)
        static_cast<void>(value(worker, two.a, take(two.a, fmt::format("'\\x{:04}'", i).c_str())));
    CHECK(number(two.admin, "select max(cardinality(sessions)) from nd.page_texts") == 20);
}

TEST_CASE("a structure is one job, its answer is applied once, and a lost call stays booked") {
    two_tenants two;
    auto worker = two.database.as("nd_enricher");
    static_cast<void>(value(worker, two.a, take(two.a, "'\\x01'")));
    CHECK(value(worker, two.a, want(two.a, 1)) == "t");
    for (int i = 0; i < 5; ++i)
        CHECK(value(worker, two.a, want(two.a, 1)) == "f");
    CHECK(number(worker, "select count(*) from nd.tenants_with_jobs('fresh')") == 1);
    CHECK(value(worker, two.a, open(two.a, 1, 1, 0)) == "open");
    CHECK(value(worker, two.a, "select nd.recover_calls(" + two.a + ")") == "1");
    CHECK(value(worker, two.a, "select nd.recover_calls(" + two.a + ")") == "0");
    CHECK(value(worker, two.a, open(two.a, 2, 1)) == "open");
    CHECK(number(worker, "select count(*) from nd.tenants_with_jobs('fresh')") == 0);
    CHECK(value(worker, two.a, finish(two.a, 1, 1)) == "f");  // the lost call's answer, late
    CHECK(value(worker, two.a, finish(two.a, 2, 1)) == "t");
    CHECK(value(worker, two.a, finish(two.a, 2, 1)) == "f");
    CHECK(value(worker, two.a, close(two.a, 2, "confirmed", 300)) == "t");
    CHECK(value(worker, two.a, close(two.a, 2, "confirmed", 300)) == "f");
    CHECK(number(two.admin, "select nano from nd.tenant_spend") == 1300);
    CHECK(number(two.admin, "select nano from nd.model_spend") == 1300);
    CHECK(number(two.admin, "select count(*) from nd.model_calls where resends") == 1);
    CHECK(value(worker, two.a, close(two.a, 1, "confirmed", 200)) == "t");  // it had been worked on
    CHECK(number(two.admin, "select nano from nd.model_spend") == 500);
    CHECK(number(two.admin, "select sum(nano) from nd.model_calls") == 500);
}

TEST_CASE("a budget that has too little left lets no call through and books nothing") {
    two_tenants two;
    auto worker = two.database.as("nd_enricher");
    for (const auto& tenant : {two.a, two.b}) {
        static_cast<void>(value(worker, tenant, take(tenant, "'\\x01'")));
        for (int i = 1; i < 4; ++i)
            static_cast<void>(value(worker, tenant, want(tenant, i)));
    }
    CHECK(value(worker, two.a, open(two.a, 1, 1, 60, "1500, 2500")) == "open");
    CHECK(value(worker, two.a, open(two.a, 2, 2, 60, "1500, 2500")) == "tenant_budget");
    CHECK(value(worker, two.b, open(two.b, 1, 1, 60, "null, 2500")) == "open");
    CHECK(value(worker, two.b, open(two.b, 2, 2, 60, "null, 2500")) == "total_budget");
    CHECK(number(two.admin, "select nano from nd.model_spend") == 2000);
    CHECK(number(two.admin, "select sum(nano) from nd.tenant_spend") == 2000);
    CHECK(number(two.admin, "select count(*) from nd.model_calls") == 2);
    must(two.admin, "insert into nd.enrich_settings values (" + two.a + ", 2, 5000)");
    CHECK(value(worker, two.a, open(two.a, 2, 2, 60, "1500, null")) == "open");
    CHECK(value(worker, two.a, close(two.a, 2, "void", 0)) == "t");
    CHECK(number(two.admin, "select nano from nd.model_spend") == 2000);
}

TEST_CASE("a text says on which day it was met last, and loses no session by that") {
    two_tenants two;
    auto worker = two.database.as("nd_enricher");
    auto admin = two.database.admin();
    value(worker, two.a, take(two.a, "'\\x01'"));
    must(admin, "update nd.page_texts set seen_on = current_date - 3");
    value(worker, two.a, take(two.a, "'\\x01'"));
    CHECK(number(admin,
                 "select count(*) from nd.page_texts where seen_on = current_date and "
                 "cardinality(sessions) = 1") == 1);
    must(admin, "update nd.page_texts set seen_on = current_date - 3");
    value(worker, two.a, take(two.a, "'\\x02'"));
    value(worker, two.a, take(two.a, "null"));
    CHECK(number(admin,
                 "select count(*) from nd.page_texts where seen_on = current_date and "
                 "cardinality(sessions) = 2") == 1);
}
