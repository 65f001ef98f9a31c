#include "ops/record_range.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

namespace nd::ops {

namespace json = boost::json;

json::object to_json(const record_range& range) {
    json::array spans;
    for (const auto& span : range.spans) {
        spans.push_back(
            json::object{{"partition", span.partition}, {"begin", span.begin}, {"end", span.end}});
    }
    json::array watermark;
    for (const auto& one : range.watermark) {
        watermark.push_back(json::object{{"partition", one.partition}, {"offset", one.offset}});
    }
    const auto time = [](const std::optional<schema::instant>& at) {
        return at ? json::value(schema::to_string(*at)) : json::value(nullptr);
    };
    return {{"topic", range.topic},
            {"cluster", range.cluster},
            {"topic_partitions", range.topic_partitions},
            {"from", time(range.from)},
            {"to", time(range.to)},
            {"offsets", std::move(spans)},
            {"watermark", std::move(watermark)}};
}

std::string to_text(const record_range& range) {
    auto text = range.topic;
    if (range.from) text += " from " + schema::to_string(*range.from);
    if (range.to) text += " to " + schema::to_string(*range.to);
    const char* separator = ", partition ";
    for (const auto& span : range.spans) {
        if (span.size() == 0) continue;
        text += fmt::format("{}{}: {}-{}", separator, span.partition, span.begin, span.end);
        separator = ", ";
    }
    return text;
}

record_range range_of(const json::object& made) {
    const auto time = [&made](const char* name) -> std::optional<schema::instant> {
        const auto& value = made.at(name);
        if (value.is_null()) return std::nullopt;
        return schema::parse_instant(json::value_to<std::string>(value)).at;
    };
    record_range range{json::value_to<std::string>(made.at("topic")),
                       json::value_to<std::string>(made.at("cluster")),
                       json::value_to<std::int32_t>(made.at("topic_partitions")),
                       time("from"),
                       time("to"),
                       {},
                       {}};
    for (const auto& one : made.at("offsets").as_array()) {
        range.spans.push_back({json::value_to<std::int32_t>(one.at("partition")),
                               json::value_to<std::int64_t>(one.at("begin")),
                               json::value_to<std::int64_t>(one.at("end"))});
    }
    for (const auto& one : made.at("watermark").as_array()) {
        range.watermark.push_back({json::value_to<std::int32_t>(one.at("partition")),
                                   json::value_to<std::int64_t>(one.at("offset"))});
    }
    return range;
}

}  // namespace nd::ops
