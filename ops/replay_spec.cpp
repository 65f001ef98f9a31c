#include "ops/replay_spec.hpp"

#include <boost/json/value_to.hpp>

namespace nd::ops {

namespace json = boost::json;

json::object to_json(const replay_spec& spec) {
    return {{"range", to_json(spec.range)}, {"tenant", spec.tenant}, {"name", spec.name},
            {"staging", spec.staging},      {"force", spec.force},   {"rate", spec.rate}};
}

replay_spec spec_of(const json::object& made) {
    return {range_of(made.at("range").as_object()),
            json::value_to<std::string>(made.at("tenant")),
            json::value_to<std::string>(made.at("name")),
            made.at("staging").as_bool(),
            made.at("force").as_bool(),
            json::value_to<std::int64_t>(made.at("rate"))};
}

std::string to_text(const replay_spec& spec) {
    auto text = to_text(spec.range);
    if (!spec.tenant.empty()) text += ", tenant " + spec.tenant;
    if (!spec.name.empty()) text += ", events named " + spec.name;
    return text + (spec.staging ? ", into nd.events_staging" : ", into nd.events");
}

std::vector<job_part> parts_of(const record_range& range) {
    std::vector<job_part> parts;
    for (const auto& span : range.spans) {
        if (span.size() > 0)
            parts.push_back({span.partition, span.begin, span.end, span.begin, {}});
    }
    return parts;
}

}  // namespace nd::ops
