// Dead letters of a tenant of the test's own, on a real broker (ND_TEST_KAFKA) and a real Postgres.
#pragma once

#include "base/kafka_sync_producer.hpp"
#include "base/random.hpp"
#include "ops/record_log.hpp"
#include "schema/record.hpp"
#include "tests/ops/database_fixture.hpp"
#include "tests/ops/dead_samples.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <thread>

namespace nd::tests {

inline std::string fresh_tenant() {
    std::array<std::uint8_t, 16> bytes{};
    base::fill_random(bytes);
    schema::tenant_id made;
    std::copy(bytes.begin(), bytes.end(), made.value.bytes.begin());
    return schema::to_string(made);
}

struct dead_world : ops_database {
    std::string tenant = fresh_tenant();
    base::pg::connection admin = database.admin();
    std::map<std::string, std::vector<ops::partition_offset>> ends;

    dead_world() {
        const char* bootstrap = std::getenv("ND_TEST_KAFKA");
        if (bootstrap == nullptr) throw std::runtime_error("ND_TEST_KAFKA is not set");
        settings.kafka = bootstrap;
        settings.single_broker = true;
        REQUIRE(run({"topics", "--single-broker"}).status == ops::exit_status::fine);
        for (const auto* topic : {schema::events_topic, schema::pages_topic})
            ends[topic] = everything(topic).watermark;
        static_cast<void>(everything(schema::dead_topic));
    }
    // A topic that was just made has no leader for a moment.
    ops::record_range everything(const char* topic) const {
        for (int i = 0;; ++i) {
            const auto range = ops::resolve_range(settings, topic, {});
            if (range.has_value()) return *range;
            if (i == 40) throw std::runtime_error(range.error().detail);
            std::this_thread::sleep_for(std::chrono::milliseconds(250));
        }
    }
    // A letter of this test's tenant, unless `key` says whose.
    void die(const std::string& value, const std::string& reason, int deaths = 1,
             std::optional<std::string> key = std::nullopt,
             const char* topic = schema::events_topic) {
        auto letter = sample_letter();
        set_header(letter, "nd-source-topic", topic);
        set_header(letter, "nd-reason", reason);
        set_header(letter, "nd-attempt", std::to_string(deaths));
        auto producer = base::kafka_sync_producer::open({settings.kafka, "", true}, "test").value();
        const std::vector<base::outgoing_record> one{
            {schema::dead_topic, key ? *key : tenant, value, letter.headers}};
        REQUIRE(producer.publish(one).has_value());
    }
    boost::json::object dead(std::vector<std::string> arguments, bool of_tenant = true) const {
        arguments.insert(arguments.begin(), "dead");
        if (of_tenant) arguments.insert(arguments.end(), {"--tenant", tenant});
        return must_run(arguments);
    }
    std::int64_t open() const { return dead({"list"}).at("count").as_int64(); }
    // What was published to the topic since the test began, as value and headers.
    std::vector<std::map<std::string, std::string>> published(
        const std::string& of, const char* topic = schema::events_topic) {
        std::vector<std::map<std::string, std::string>> seen;
        for (auto span : everything(topic).spans) {
            for (const auto& one : ends.at(topic))
                if (one.partition == span.partition) span.begin = one.offset;
            if (span.size() == 0) continue;
            auto reader = ops::record_reader::open(settings, topic, span).value();
            while (!reader->done()) {
                const auto read = reader->read(
                    std::chrono::milliseconds(200), [&](const base::kafka_received& record) {
                        if (record.key() != of) return;
                        auto& one = seen.emplace_back();
                        one["value"] = std::string(record.value().value_or(""));
                        record.each_header([&one](std::string_view name, std::string_view text) {
                            one[std::string(name)] = std::string(text);
                        });
                    });
                REQUIRE(read.has_value());
            }
        }
        return seen;
    }
    std::int64_t states(const std::string& state) {
        return number(admin, "select count(*) from nd.dead_state where tenant_id = '" + tenant +
                                 "' and state = '" + state + "'");
    }
};

}  // namespace nd::tests
