// What a newcomer sees first: the recording of real web applications goes in over HTTP and comes
// out as rows, exactly.
#include "tests/e2e/obligations.hpp"
#include "tests/e2e/system.hpp"
#include "tests/support/log_end.hpp"

#include "base/pg.hpp"

#include <doctest/doctest.h>
#include <zlib.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <filesystem>

using namespace nd::tests;

namespace {

std::vector<std::string> recorded_lines() {
    const std::filesystem::path folder = ND_RECORDING_DIR;
    std::vector<std::string> lines;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string().find("events") == std::string::npos) continue;
        const auto file = ::gzopen(entry.path().c_str(), "rb");
        REQUIRE(file != nullptr);
        std::string line(1 << 16, '\0');
        while (::gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
            lines.emplace_back(line.c_str());
        }
        ::gzclose(file);
    }
    return lines;
}

}  // namespace

TEST_CASE(
    "the recording goes in over HTTP and each accepted event is one row of its tenant, payload "
    "equal") {
    const auto& system = the_system();
    const auto tenants = make_tenants(system, 2);
    raise_limit(system, tenants[0]);
    const auto lines = recorded_lines();
    REQUIRE(lines.size() >= 3000);
    obligations oracle(system);
    http_client client(system["ND_URL"]);
    std::map<std::string, boost::json::object> sent;
    for (std::size_t from = 0; from < lines.size(); from += 100) {
        std::vector<std::string> ids;
        boost::json::array batch;
        for (auto i = from; i < std::min(lines.size(), from + 100); ++i) {
            auto event = boost::json::parse(lines[i]).as_object();
            ids.push_back(fresh_uuid());
            event["event_id"] = ids.back();
            event["occurred_at"] = now_text();
            sent[ids.back()] = event;
            batch.push_back(event);
        }
        const auto body = boost::json::serialize(boost::json::object{{"events", batch}});
        const auto answer = oracle.send_body(client, tenants[0], body, ids);
        REQUIRE_MESSAGE(answer.status == 202, answer.body);
    }
    CHECK(oracle.accepted() == lines.size());
    REQUIRE(oracle.all_arrive(std::chrono::seconds(60)));
    CHECK(oracle.check(tenants[0].tenant) == obligations::verdict{lines.size(), 0, 0, 0});
    CHECK(visible_ids(system, tenants[1].tenant).empty());

    auto connection = nd::base::pg::connection::open(system["ND_OPERATOR_DATABASE_URL"]).value();
    auto tx = nd::base::pg::tenant_tx::begin(connection, tenants[0].tenant).value();
    const auto rows =
        tx.exec(nd::base::pg::tenant_statement(
                    "select event_id::text as id, name, page, session_id, user_id, environment,"
                    " properties::text as properties from nd.events"))
            .value();
    std::size_t wrong = 0;
    for (const auto& row : rows) {
        const auto& event = sent.at(std::string(row.text("id")));
        const auto same = [&](const char* name) {
            const auto* value = event.if_contains(name);
            return value == nullptr ? row.is_null(name) : value->as_string() == row.text(name);
        };
        const auto stored = boost::json::parse(std::string(row.text("properties")));
        wrong += same("name") && same("page") && same("session_id") && same("user_id") &&
                         stored == event.at("properties") && row.text("environment") == "live"
                     ? 0
                     : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("sending the same batch again changes nothing") {
    const auto& system = the_system();
    const auto tenant = make_tenants(system, 1).at(0);
    obligations oracle(system);
    http_client client(system["ND_URL"]);
    const auto id = fresh_uuid();
    const auto body = R"({"events":[{"event_id":")" + id + R"(","name":"a","occurred_at":")" +
                      now_text() + R"("}]})";
    for (int i = 0; i < 3; ++i)
        CHECK(oracle.send_body(client, tenant, body, {id}).status == 202);
    REQUIRE(oracle.all_arrive(std::chrono::seconds(20)));
    REQUIRE(eventually(std::chrono::seconds(20), [&] {
        return read_to_the_end(system["ND_KAFKA"], system["ND_ADMIN_DATABASE_URL"]);
    }));
    CHECK(oracle.check(tenant.tenant) == obligations::verdict{1, 0, 0, 0});
}

TEST_CASE("what an nd_test_ key sends is a row of the environment test") {
    const auto& system = the_system();
    auto tenant = make_tenants(system, 1).at(0);
    const auto made =
        system.ndctl("key create --json --environment test --tenant " + tenant.tenant);
    REQUIRE_MESSAGE(made.status == 0, made.output);
    obligations oracle(system);
    http_client client(system["ND_URL"]);
    REQUIRE(oracle.send(client, tenant, 1).status == 202);
    tenant.key = boost::json::parse(made.output).at("key").as_string();
    REQUIRE(tenant.key.starts_with("nd_test_"));
    REQUIRE(oracle.send(client, tenant, 2).status == 202);
    REQUIRE(oracle.all_arrive(std::chrono::seconds(20)));
    auto connection = nd::base::pg::connection::open(system["ND_OPERATOR_DATABASE_URL"]).value();
    auto tx = nd::base::pg::tenant_tx::begin(connection, tenant.tenant).value();
    const auto rows =
        tx.exec(nd::base::pg::tenant_statement("select count(*) filter (where environment = "
                                               "'test') as test, count(*) as rows from nd.events"))
            .value();
    CHECK(rows[0].integer("test") == 2);
    CHECK(rows[0].integer("rows") == 3);
}
