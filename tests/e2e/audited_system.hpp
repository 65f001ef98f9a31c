// What the e2e tests of ndctl audit share: running it against the system, and two tenants whose
// events it is about.
#pragma once

#include "base/kafka_sync_producer.hpp"
#include "tests/e2e/obligations.hpp"
#include "tests/e2e/system.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nd::tests {

struct audited {
    int status = -1;
    boost::json::object said;

    [[nodiscard]] const boost::json::object& of(const std::string& tenant) const;
    [[nodiscard]] std::uint64_t count(const std::string& tenant, const char* what) const;
    [[nodiscard]] std::uint64_t number(const char* what) const;  // of the whole
    // "missing <event_id>", ..., in order.
    [[nodiscard]] std::vector<std::string> differences() const;
};

// ndctl audit --json with these arguments.
[[nodiscard]] audited audit(const std::string& arguments);

// Changes the database behind everybody's back.
void as_superuser(const std::string& script);

void produce(const base::outgoing_record& record);

struct audited_tenants {
    std::vector<tenant_key> tenants = make_tenants(the_system(), 2);
    const std::string& a = tenants[0].tenant;
    const std::string& b = tenants[1].tenant;
    std::string range;  // the flags for everything from now on
    obligations oracle{the_system()};
    http_client client{the_system()["ND_URL"]};

    audited_tenants();
    void send(int to, int events);
    void arrive();
    // The audit of the range, once everything that the first tenant was promised is due.
    [[nodiscard]] audited settled() const;
};

}  // namespace nd::tests
