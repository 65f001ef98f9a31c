#include "bench/report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>

namespace nd::bench {
namespace {

namespace json = boost::json;
constexpr int format = 1;  // of the file; compare refuses others

json::array numbers(const std::vector<double>& values) {
    return json::array(values.begin(), values.end());
}

std::string_view to_string(better is) {
    switch (is) {
        case better::lower: return "lower";
        case better::higher: return "higher";
        case better::neither: break;
    }
    return "neither";
}

better better_named(std::string_view name) {
    for (const auto one : {better::lower, better::higher})
        if (name == to_string(one)) return one;
    return better::neither;
}

json::object to_json(const figure& of) {
    json::object made{{"name", of.name},
                      {"unit", of.unit},
                      {"better", std::string(to_string(of.is))},
                      {"values", numbers(of.values)},
                      {"median", of.median()},
                      {"low", of.low()},
                      {"high", of.high()},
                      {"noisy", of.noisy()}};
    if (of.goal) made["goal"] = *of.goal;
    return made;
}

json::object to_json(const chart& of) {
    json::array all;
    for (const auto& one : of.all) {
        json::array points;
        for (const auto& [x, y] : one.points)
            points.push_back(json::array{x, y});
        all.push_back(json::object{{"name", one.name}, {"points", std::move(points)}});
    }
    return {{"name", of.name},
            {"title", of.title},
            {"x_label", of.x_label},
            {"y_label", of.y_label},
            {"kind", of.kind == chart_kind::line ? "line" : "bars"},
            {"log_x", of.log_x},
            {"log_y", of.log_y},
            {"labels", json::array(of.labels.begin(), of.labels.end())},
            {"series", std::move(all)}};
}

figure figure_from(const json::object& from) {
    figure made;
    made.name = from.at("name").as_string();
    made.unit = from.at("unit").as_string();
    made.is = better_named(from.at("better").as_string());
    for (const auto& value : from.at("values").as_array())
        made.values.push_back(value.to_number<double>());
    if (const auto* goal = from.if_contains("goal")) made.goal = goal->to_number<double>();
    return made;
}

}  // namespace

figure& report::at(const std::string& name, const std::string& unit, better is) {
    const auto found = std::ranges::find(figures_, name, &figure::name);
    if (found != figures_.end()) return *found;
    return figures_.emplace_back(figure{name, unit, is, {}, {}});
}

void report::add(const std::string& name, const std::string& unit, better is, double value) {
    if (!std::isfinite(value)) return note(name + ": a repetition gave no number and is left out");
    at(name, unit, is).values.push_back(value);
}

chart& report::picture(const std::string& name) {
    const auto found = std::ranges::find(charts_, name, &chart::name);
    if (found != charts_.end()) return *found;
    auto& made = charts_.emplace_back();
    made.name = name;
    return made;
}

chart& report::curve(const std::string& name, std::string title, std::string x_label,
                     std::string y_label) {
    auto& made = picture(name);
    made.title = std::move(title);
    made.x_label = std::move(x_label);
    made.y_label = std::move(y_label);
    return made;
}

chart& report::bars(const std::string& name, std::string title, std::string y_label) {
    auto& made = picture(name);
    made.kind = chart_kind::bars;
    made.title = std::move(title);
    made.y_label = std::move(y_label);
    return made;
}

double report::median(const std::string& name) const {
    const auto found = std::ranges::find(figures_, name, &figure::name);
    return found == figures_.end() ? 0 : found->median();
}

void report::note(std::string sentence) {
    if (std::ranges::find(notes_, sentence) == notes_.end()) notes_.push_back(std::move(sentence));
}

void report::unsound(std::string sentence) {
    sound_ = false;
    note(std::move(sentence));
}

void report::fact(const std::string& name, std::string value) {
    facts_[name] = std::move(value);
}

json::value report::to_json() const {
    json::array figures, charts;
    for (const auto& one : figures_)
        if (!one.values.empty()) figures.push_back(bench::to_json(one));
    for (const auto& one : charts_)
        charts.push_back(bench::to_json(one));
    json::object facts;
    for (const auto& [name, value] : facts_)
        facts[name] = value;
    return json::object{{"format", format},
                        {"sound", sound_},
                        {"facts", std::move(facts)},
                        {"notes", json::array(notes_.begin(), notes_.end())},
                        {"figures", std::move(figures)},
                        {"charts", std::move(charts)}};
}

base::result<report> report_from(const std::string& text) {
    try {
        const auto whole = json::parse(text).as_object();
        if (whole.at("format").as_int64() != format)
            return base::failure(base::errc::invalid, "it is of another format: run it again");
        report made;
        for (const auto& one : whole.at("figures").as_array()) {
            const auto read = figure_from(one.as_object());
            auto& into = made.at(read.name, read.unit, read.is);
            into = read;
        }
        for (const auto& fact : whole.at("facts").as_object())
            made.fact(fact.key(), std::string(fact.value().as_string()));
        for (const auto& note : whole.at("notes").as_array())
            made.note(std::string(note.as_string()));
        if (!whole.at("sound").as_bool()) made.unsound("this run was not sound");
        return made;
    } catch (const std::exception& e) {
        return base::failure(base::errc::invalid,
                             std::string("it is no report of nd-bench: ") + e.what());
    }
}

}  // namespace nd::bench
