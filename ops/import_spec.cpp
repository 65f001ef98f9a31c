#include "ops/import_spec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

namespace nd::ops {

namespace json = boost::json;

json::object to_json(const import_spec& spec) {
    json::array files;
    for (const auto& file : spec.files) {
        files.push_back(json::object{{"path", file.path},
                                     {"bytes", file.bytes},
                                     {"changed_ns", file.changed_ns},
                                     {"lines", file.lines}});
    }
    return {{"files", std::move(files)},
            {"tenant", schema::to_string(spec.tenant)},
            {"environment", schema::to_string(spec.environment)},
            {"refused", spec.refused},
            {"rate", spec.rate}};
}

import_spec import_spec_of(const json::object& made) {
    import_spec spec;
    for (const auto& file : made.at("files").as_array()) {
        spec.files.push_back({json::value_to<std::string>(file.at("path")),
                              json::value_to<std::int64_t>(file.at("bytes")),
                              json::value_to<std::int64_t>(file.at("changed_ns")),
                              json::value_to<std::int64_t>(file.at("lines"))});
    }
    spec.tenant = schema::parse_tenant_id(json::value_to<std::string>(made.at("tenant"))).value();
    spec.environment =
        schema::parse_environment(json::value_to<std::string>(made.at("environment"))).value();
    spec.refused = json::value_to<std::string>(made.at("refused"));
    spec.rate = json::value_to<std::int64_t>(made.at("rate"));
    return spec;
}

}  // namespace nd::ops
