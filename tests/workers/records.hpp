// Records and parcels for the workers' tests, made from as little as a test has to say.
#pragma once

#include "schema/record.hpp"
#include "workers/row_store.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace nd::tests {

inline constexpr const char* test_pepper = "a pepper of the tests, 32 bytes and more";

inline std::string tenant_text(int n) {
    return fmt::format("00000000-0000-4000-8000-{:012x}", n);
}
inline std::string event_text(int n) {
    return fmt::format("10000000-0000-4000-8000-{:012x}", n);
}

inline std::string event_json(int id, const std::string& time = "2026-11-02T10:00:00Z",
                              const std::string& more = "") {
    return fmt::format(R"({{"event_id":"{}","name":"clicked","occurred_at":"{}"{}}})",
                       event_text(id), time, more);
}

// What a Kafka message would own.
struct test_record {
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::optional<std::string> environment = "live";
    std::optional<std::string> request = "req-1";
    std::optional<std::string> attempt;
    std::optional<std::string> received_at;
    std::optional<std::string> history;
    std::optional<std::string> receipt;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::int64_t timestamp_ms = 1'793'000'000'123;

    [[nodiscard]] workers::raw_record raw() const {
        return {partition, offset,  timestamp_ms, key,     value,  environment,
                request,   attempt, received_at,  history, receipt};
    }
};

inline test_record good_record(int tenant, int event, std::int64_t offset = 0) {
    test_record made;
    made.key = tenant_text(tenant);
    made.value = event_json(event);
    made.offset = offset;
    return made;
}

// A parcel of one partition that starts at offset 0, with its rows grouped.
inline std::unique_ptr<workers::parcel> parcel_of(const std::vector<test_record>& records) {
    auto made = std::make_unique<workers::parcel>();
    made->topic = schema::events_topic;
    workers::positions at;
    schema::event_scanner scanner;
    at.start(0, {0, 0, {}}, 1'000'000);
    std::int64_t offset = 0;
    for (auto record : records) {
        record.offset = offset++;
        REQUIRE(made->records.take(record.raw(), at, scanner));
    }
    workers::group(made->records.rows(), made->groups);
    made->columns.fill(made->records.rows(), made->groups);
    return made;
}

}  // namespace nd::tests
