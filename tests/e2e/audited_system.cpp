#include "tests/e2e/audited_system.hpp"

#include "base/pg.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace nd::tests {
namespace json = boost::json;
using namespace std::chrono_literals;

const json::object& audited::of(const std::string& tenant) const {
    for (const auto& one : said.at("tenants").as_array()) {
        if (one.at("tenant_id").as_string() == tenant) return one.as_object();
    }
    throw std::runtime_error("the audit knows nothing of " + tenant);
}

std::uint64_t audited::count(const std::string& tenant, const char* what) const {
    return of(tenant).at(what).to_number<std::uint64_t>();
}

std::uint64_t audited::number(const char* what) const {
    return said.at(what).to_number<std::uint64_t>();
}

std::vector<std::string> audited::differences() const {
    std::vector<std::string> all;
    for (const auto& one : said.at("differences").as_array()) {
        const auto* event = one.as_object().if_contains("event_id");
        all.push_back(std::string(one.at("what").as_string()) +
                      (event == nullptr ? "" : " " + std::string(event->as_string())));
    }
    std::sort(all.begin(), all.end());
    return all;
}

audited audit(const std::string& arguments) {
    const auto done = the_system().run("'" + std::string(std::getenv("ND_TEST_BIN")) +
                                       "/ndctl' audit --json " + arguments + " 2>/dev/null");
    boost::system::error_code bad;
    const auto parsed = json::parse(done.output, bad);
    if (bad) throw std::runtime_error("ndctl audit " + arguments + " says " + done.output);
    return {done.status, parsed.as_object()};
}

void as_superuser(const std::string& script) {
    auto on = base::pg::connection::open(the_system()["ND_ADMIN_DATABASE_URL"]).value();
    const auto done = on.exec_script(script);
    REQUIRE_MESSAGE(done.has_value(), done.error().detail);
}

void produce(const base::outgoing_record& record) {
    auto opened = base::kafka_sync_producer::open({the_system()["ND_KAFKA"], "", true}, "nd-e2e");
    REQUIRE(opened.has_value());
    const auto done = opened->publish({&record, 1});
    REQUIRE_MESSAGE(done.has_value(), done.error().detail);
}

audited_tenants::audited_tenants() {
    // Kafka's times are milliseconds; what was before must not fall into the same one.
    std::this_thread::sleep_for(5ms);
    range = "--from " + now_text() + " ";
    std::this_thread::sleep_for(5ms);
}

void audited_tenants::send(int to, int events) {
    const auto& tenant = tenants.at(static_cast<std::size_t>(to));
    REQUIRE(oracle.send(client, tenant, events).status == 202);
}

void audited_tenants::arrive() {
    REQUIRE(oracle.all_arrive(30s));
}

audited audited_tenants::settled() const {
    audited last;
    const bool done = eventually(20s, [&] {
        last = audit(range);
        return last.said.contains("total") && last.count(a, "distinct") == oracle.accepted(a);
    });
    REQUIRE_MESSAGE(done, "what the tenant was promised is not due after 20 s");
    return last;
}

}  // namespace nd::tests
