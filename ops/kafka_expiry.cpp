#include "ops/kafka_expiry.hpp"

#include "base/parse_number.hpp"
#include "schema/instant.hpp"

#include <fmt/format.h>

#include <optional>

namespace nd::ops {
namespace {

constexpr std::int64_t longest_ms = 100ll * 366 * 24 * 3600 * 1000;

std::optional<std::int64_t> number_in(const base::topic_facts& topic, const char* name) {
    const auto found = topic.config.find(name);
    if (found == topic.config.end()) return std::nullopt;
    return base::parse_number<std::int64_t>(found->second);
}

}  // namespace

base::result<kafka_retention> retention_of(const base::topic_facts& topic) {
    const auto keep = number_in(topic, "retention.ms");
    const auto segment = number_in(topic, "segment.ms");
    if (!keep || !segment) {
        return base::failure(base::errc::refused,
                             fmt::format("the broker does not say how long topic {} keeps its "
                                         "records: ndctl needs the right DescribeConfigs on it",
                                         topic.name));
    }
    return kafka_retention{*keep, *segment};
}

kafka_expiry expiry_of(std::int64_t record_ms, const kafka_retention& topic) {
    // Some write "for ever" as the largest number that there is, which no sum survives.
    if (topic.keep_ms < 0 || topic.keep_ms > longest_ms || topic.segment_ms > longest_ms) return {};
    return {record_ms + topic.keep_ms, record_ms + topic.keep_ms + topic.segment_ms};
}

std::string utc_text(std::int64_t ms) {
    // Whole seconds: nobody acts on less, and Kafka looks every five minutes.
    auto text = schema::to_string(schema::instant{ms / 1000 * 1'000'000});
    return text.substr(0, 19) + "Z";
}

boost::json::object to_json(const kafka_expiry& expiry) {
    if (expiry.earliest_ms < 0) return {{"earliest", nullptr}, {"latest", nullptr}};
    return {{"earliest", utc_text(expiry.earliest_ms)}, {"latest", utc_text(expiry.latest_ms)}};
}

std::string to_text(const kafka_expiry& expiry) {
    if (expiry.earliest_ms < 0) return "for ever";
    return fmt::format("{} at the earliest, {} at the latest", utc_text(expiry.earliest_ms),
                       utc_text(expiry.latest_ms));
}

}  // namespace nd::ops
