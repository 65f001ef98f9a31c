// A page's dead letter with the real system: unreadable or refused, replayed to where pages are
// read, stored once the cause is gone; and nothing of it reaches the events.
#include "base/kafka_sync_producer.hpp"
#include "schema/record.hpp"
#include "tests/e2e/page_world.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

boost::json::object dead(const tenant_key& of, const std::string& arguments) {
    const auto said = the_system().ndctl("dead " + arguments + " --json --tenant " + of.tenant);
    return boost::json::parse(said.output).as_object();
}
bool has_open(const tenant_key& of, std::int64_t number) {
    return eventually(30s, [&] { return dead(of, "list").at("count").as_int64() == number; });
}

}  // namespace

TEST_CASE("a page's dead letter goes back to nd.pages.v1, and is stored once it can be") {
    const auto tenants = make_tenants(the_system(), 1);
    const auto& tenant = tenants[0];
    sql("alter table nd.page_versions add constraint refused check (page <> '/refused')");
    http_client client(the_system()["ND_URL"]);
    send_page(client, tenant, page_body("/refused", 1, "people"));
    REQUIRE(has_open(tenant, 1));
    // In vain: dead again, of the same topic.
    CHECK(dead(tenant, "replay").at("replayed").as_int64() == 1);
    REQUIRE(has_open(tenant, 1));
    const auto again = dead(tenant, "list").at("letters").as_array()[0].as_object();
    CHECK(again.at("deaths").as_int64() == 2);
    const auto place = std::string(again.at("letter").as_string());
    const auto shown = the_system().ndctl("dead show --json " + place).output;
    CHECK(shown.find(R"("nd-source-topic":"nd.pages.v1")") != std::string::npos);
    sql("alter table nd.page_versions drop constraint refused");
    CHECK(dead(tenant, "replay").at("replayed").as_int64() == 1);
    const auto stored =
        "select count(*) from nd.page_versions where page = '/refused' and "
        "tenant_id = '" +
        tenant.tenant + "'";
    CHECK(eventually(30s, [&] { return count(stored) == 1; }));
    CHECK(has_open(tenant, 0));

    auto producer = base::kafka_sync_producer::open({the_system()["ND_KAFKA"], "", true}, "test");
    const std::vector<base::outgoing_record> unreadable{
        {schema::pages_topic, tenant.tenant, "{no page", {}}};
    REQUIRE(producer.value().publish(unreadable).has_value());
    REQUIRE(has_open(tenant, 1));
    CHECK(dead(tenant, "drop").at("dropped").as_int64() == 1);
    CHECK(has_open(tenant, 0));
    CHECK(dead(tenant, "replay").at("replayed").as_int64() == 0);
}
