#include "model/notes_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace nd::model {
namespace json = boost::json;

namespace {

json::object key_of(const schema::element_key& key) {
    return {{"role", schema::to_string(key.role)},
            {"name", key.name},
            {"section", key.section},
            {"ordinal", key.ordinal}};
}

json::array elements_of(const page_notes& notes) {
    json::array made;
    for (const auto& note : notes.elements) {
        auto element = key_of(note.key);
        element["kind"] = to_string(note.kind);
        element["label"] = note.label;
        element["purpose"] = note.purpose;
        element["gated"] = note.gated;
        made.push_back(std::move(element));
    }
    return made;
}

json::array tours_of(const page_notes& notes) {
    json::array made;
    for (const auto& tour : notes.tours) {
        json::array steps;
        for (const auto& step : tour.steps)
            steps.push_back(json::object{{"element", key_of(step.element)}, {"say", step.say}});
        made.push_back(json::object{{"title", tour.title}, {"steps", std::move(steps)}});
    }
    return made;
}

}  // namespace

std::string to_json(const page_notes& notes) {
    json::array sections;
    for (const auto& section : notes.sections)
        sections.push_back(json::object{{"name", section.name}, {"purpose", section.purpose}});
    return json::serialize(json::object{{"purpose", notes.purpose},
                                        {"sections", std::move(sections)},
                                        {"elements", elements_of(notes)},
                                        {"tours", tours_of(notes)}});
}

}  // namespace nd::model
