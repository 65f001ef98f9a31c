#include "workers/asked_json.hpp"

#include "model/json_view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace nd::workers {
namespace json = boost::json;

namespace {

base::error not_ours() {
    return base::failure(base::errc::data, "what a call asked about cannot be read back");
}

bool read_element(const json::value& from, schema::element_key& into) {
    const auto* parts = from.if_array();
    if (parts == nullptr || parts->size() != 4 || !parts->at(0).is_string() ||
        !parts->at(1).is_string() || !parts->at(2).is_string() || !parts->at(3).is_int64())
        return false;
    const auto role = schema::parse_aria_role(parts->at(0).as_string());
    if (!role) return false;
    into.role = *role;
    into.name = parts->at(1).as_string();
    into.section = parts->at(2).as_string();
    into.ordinal = static_cast<std::uint32_t>(parts->at(3).as_int64());
    return true;
}

}  // namespace

std::string asked_to_json(const std::vector<model::asked_page>& pages,
                          const std::vector<asked_job>& jobs) {
    json::array made;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        json::array elements;
        for (const auto& key : pages[i].elements)
            elements.push_back(
                json::array{schema::to_string(key.role), key.name, key.section, key.ordinal});
        made.push_back(json::object{{"id", pages[i].id},
                                    {"structure", schema::to_string(jobs[i].structure)},
                                    {"attempts", jobs[i].attempts},
                                    {"smaller", jobs[i].smaller},
                                    {"elements", std::move(elements)}});
    }
    return json::serialize(made);
}

base::result<asked_call> read_asked(std::string_view text) {
    const auto parsed = model::parse_json(text);
    if (!parsed || !parsed->is_array()) return not_ours();
    asked_call made;
    for (const auto& one : parsed->as_array()) {
        const auto structure = schema::parse_page_fingerprint(model::text_of(one, "structure"));
        const auto* elements = model::list_of(one, "elements");
        const auto* smaller = model::member_of(one, "smaller");
        if (!structure || elements == nullptr || smaller == nullptr || !smaller->is_bool())
            return not_ours();
        made.jobs.push_back({*structure,
                             static_cast<int>(model::number_of(one, "attempts").value_or(0)),
                             smaller->as_bool()});
        made.pages.push_back({model::text_of(one, "id"), {}});
        for (const auto& element : *elements)
            if (!read_element(element, made.pages.back().elements.emplace_back()))
                return not_ours();
    }
    return made;
}

}  // namespace nd::workers
