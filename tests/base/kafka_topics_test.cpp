#include "base/kafka_topics.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace nd::base;

namespace {

topic_facts safe_topic() {
    return {"nd.events.v1", true, 12, 3, {{"min.insync.replicas", "2"}}};
}

std::size_t problems(const topic_facts& one, bool single_broker = false) {
    return unsafe_topics(std::vector{one}, single_broker).size();
}

}  // namespace

TEST_CASE("three replicas of which two must have a record are safe, and nothing less") {
    CHECK(problems(safe_topic()) == 0);
    auto one = safe_topic();
    one.replication = 2;
    CHECK(problems(one) == 1);
    one = safe_topic();
    one.config["min.insync.replicas"] = "1";
    CHECK(problems(one) == 1);
    one.replication = 1;
    CHECK(problems(one) == 2);
    one = safe_topic();
    one.config.clear();  // a broker that does not say is not believed
    CHECK(problems(one) == 1);
}

TEST_CASE("a single broker is accepted when somebody says so, a missing topic never") {
    topic_facts one{"nd.events.v1", true, 1, 1, {{"min.insync.replicas", "1"}}};
    CHECK(problems(one) == 2);
    CHECK(problems(one, true) == 0);
    one.exists = false;
    CHECK(problems(one, true) == 1);
    CHECK(problems(one) == 1);
}
