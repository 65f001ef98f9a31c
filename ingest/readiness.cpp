#include "ingest/readiness.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace nd::ingest {

std::string_view why_not_ready(const ready_facts& facts) {
    if (facts.draining) return "draining";
    if (facts.kafka_unreachable) return "kafka unreachable for over 10 s";
    if (facts.kafka_refusing) return "kafka refuses our records";
    if (!facts.kafka_safe) return "starting: kafka's topics are not checked yet";
    if (!facts.keys_loaded) return "starting: the keys are not loaded yet";
    if (!facts.serving) return "starting";
    return "";
}

base::admin_reply readiness::readyz() const {
    const auto keys = keys_.now();
    ready_facts facts;
    facts.draining = draining_.load();
    facts.serving = serving_.load();
    facts.keys_loaded = keys.loaded;
    facts.kafka_safe = kafka_.safe();
    facts.kafka_unreachable = kafka_.unreachable(kafka_health::clock::now());
    facts.kafka_refusing = kafka_.refusing(kafka_health::clock::now());
    const auto reason = why_not_ready(facts);

    boost::json::object body;
    body["ready"] = reason.empty();
    if (!reason.empty()) body["reason"] = reason;
    body["kafka"] = {{"reachable", !facts.kafka_unreachable},
                     {"safe", facts.kafka_safe},
                     {"refusing", facts.kafka_refusing}};
    boost::json::object postgres{{"reachable", keys.postgres_reachable},
                                 {"listening", keys.listening}};
    if (keys.loaded) postgres["confirmed_seconds_ago"] = keys.confirmed_ago.count();
    body["postgres"] = std::move(postgres);
    body["keys"] = {{"loaded", keys.loaded}, {"count", keys.keys}};
    return {reason.empty() ? 200U : 503U, "application/json", boost::json::serialize(body)};
}

base::admin_reply readiness::healthz() {
    return {200, "application/json", R"({"alive":true})"};
}

}  // namespace nd::ingest
