#include "tests/openai/derived_answer.hpp"

#include "tests/openai/schema_judge.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace nd::tests {
namespace json = boost::json;

namespace {

void take_content(const json::value& content, std::vector<std::string>& into) {
    if (content.is_string()) {
        into.emplace_back(content.get_string());
    } else if (content.is_array()) {
        for (const auto& part : content.get_array())
            into.emplace_back(part.at("text").as_string());
    }
}

// Every text of the input, in order.
std::vector<std::string> texts_of(const json::object& body) {
    std::vector<std::string> made;
    const auto& input = body.at("input");
    if (input.is_array()) {
        for (const auto& item : input.get_array())
            take_content(item.at("content"), made);
    } else {
        take_content(input, made);
    }
    return made;
}

// The pages of the first text that is JSON and has some.
json::array find_pages(const json::object& body) {
    for (const auto& text : texts_of(body)) {
        json::error_code ec;
        const auto read = json::parse(text, ec);
        const auto* from = ec ? nullptr : read.if_object();
        const auto* pages = from == nullptr ? nullptr : from->if_contains("pages");
        if (pages != nullptr && pages->is_array()) return pages->get_array();
    }
    return {};
}

std::string_view text_at(const json::array& from, std::size_t place) {
    if (place >= from.size() || !from[place].is_string()) return {};
    return from[place].get_string();
}

std::string kind_of(std::string_view role) {
    if (role == "button") return "action";
    if (role == "link" || role == "tab" || role == "menuitem") return "navigation";
    if (role == "textbox" || role == "searchbox" || role == "combobox") return "input";
    if (role == "checkbox" || role == "switch" || role == "radio") return "choice";
    return "display";
}

json::object about_element(const json::array& element) {
    const auto role = text_at(element, 1);
    const auto name = text_at(element, 2);
    const auto label = name.empty() ? std::string(role) : std::string(name);
    return {{"id", element.at(0)},
            {"kind", kind_of(role)},
            {"label", label},
            {"purpose", fmt::format("Lets a person use {}.", label)},
            {"gated", name.find("Upgrade") != name.npos || name.find("Pro") != name.npos}};
}

json::object about_tour(const json::value& page, const json::array& elements) {
    json::array steps;
    for (const auto& one : elements) {
        if (steps.size() == 3) break;
        const auto& element = one.as_array();
        steps.push_back(json::object{{"element", element.at(0)},
                                     {"say", fmt::format("Look at {}.", text_at(element, 2))}});
    }
    return {{"page", page.at("id")},
            {"title", fmt::format("Around {}", std::string_view(page.at("path").as_string()))},
            {"steps", std::move(steps)}};
}

json::object about_pages(const json::array& pages, const derive_wish& wish) {
    json::array page_list, sections, elements, tours;
    for (const auto& page : pages) {
        const auto& all = page.at("elements").as_array();
        page_list.push_back(json::object{
            {"id", page.at("id")},
            {"purpose", fmt::format("Page {}.", std::string_view(page.at("path").as_string()))}});
        std::vector<std::string> seen;
        for (const auto& one : all) {
            const std::string section(text_at(one.as_array(), 3));
            elements.push_back(about_element(one.as_array()));
            if (section.empty() || std::find(seen.begin(), seen.end(), section) != seen.end())
                continue;
            seen.push_back(section);
            sections.push_back(json::object{
                {"page", page.at("id")}, {"name", section}, {"purpose", "Part " + section + "."}});
        }
        if (!all.empty()) tours.push_back(about_tour(page, all));
    }
    if (wish.stray) {
        const json::array nobody{"999.1", "button", "Nobody", ""};
        elements.push_back(about_element(nobody));
        page_list.push_back(json::object{{"id", "999"}, {"purpose", "Not asked for."}});
        tours.push_back(json::object{
            {"page", "999"},
            {"title", "Nowhere"},
            {"steps", json::array{json::object{{"element", "999.1"}, {"say", "Nothing."}}}}});
    }
    return {{"pages", std::move(page_list)},
            {"sections", std::move(sections)},
            {"elements", std::move(elements)},
            {"tours", std::move(tours)}};
}

// The least value that a schema takes, with the request's first words where text is wanted.
json::value fill(const json::value& schema, const json::value& root, const std::string& words) {
    const auto& rules = follow_ref(schema, root);
    if (const auto* values = rules.if_contains("enum")) return values->as_array().at(0);
    // The last: where something may be null, that ends it.
    if (const auto* some = rules.if_contains("anyOf"))
        return fill(some->as_array().back(), root, words);
    const auto& given = rules.at("type");
    const auto type =
        std::string(given.is_array() ? given.get_array().at(0).as_string() : given.as_string());
    if (type == "string") return json::value(words);
    if (type == "boolean") return false;
    if (type == "integer" || type == "number") return 0;
    if (type == "array") return json::array{};
    if (type != "object") return nullptr;
    json::object made;
    for (const auto& member : rules.at("properties").as_object())
        made[member.key()] = fill(member.value(), root, words);
    return made;
}

const json::value* wanted_schema(const json::object& body) {
    const auto* text = body.if_contains("text");
    const auto* format = text == nullptr ? nullptr : text->as_object().if_contains("format");
    if (format == nullptr || !format->is_object() ||
        format->as_object().at("type") != "json_schema")
        return nullptr;
    return &format->as_object().at("schema");
}

}  // namespace

std::vector<std::string> pages_in(const json::object& body) {
    std::vector<std::string> made;
    // Without the ids, which say only where in its request a page stands.
    for (auto page : find_pages(body)) {
        page.as_object().erase("id");
        if (auto* elements = page.as_object().if_contains("elements"))
            for (auto& one : elements->as_array())
                if (one.is_array() && !one.get_array().empty()) one.get_array()[0] = nullptr;
        made.push_back(json::serialize(page));
    }
    return made;
}

std::string derive_answer(const json::object& body, const derive_wish& wish) {
    const auto texts = texts_of(body);
    const auto words = texts.empty() ? std::string() : texts.back().substr(0, 40);
    const auto* schema = wanted_schema(body);
    if (schema == nullptr) return "You said: " + words;
    const auto pages = find_pages(body);
    const json::value made =
        pages.empty() ? fill(*schema, *schema, words) : json::value(about_pages(pages, wish));
    if (const auto fault = fault_against_schema(made, *schema))
        throw std::logic_error("the stand-in's answer breaks the schema: " + *fault);
    return json::serialize(made);
}

}  // namespace nd::tests
