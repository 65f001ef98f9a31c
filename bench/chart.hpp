// One picture of the report: curves or stacked bars, as numbers. Scenarios make them, report.py
// draws them. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace nd::bench {

enum class chart_kind { line, bars };  // bars: stacked, the labels are the x axis

struct series {
    std::string name;
    std::vector<std::pair<double, double>> points;
};

struct chart {
    std::string name;   // stable and unique in a report
    std::string title;  // what it shows, a sentence
    std::string x_label;
    std::string y_label;
    chart_kind kind = chart_kind::line;
    bool log_x = false;
    bool log_y = false;
    std::vector<std::string> labels;  // bars only: one per stack, x of a point is its place
    std::vector<series> all;

    // Adds a point to the series of that name, made when it is new.
    void add_point(const std::string& to, double x, double y);
    // The place on the x axis of the stack of that label, made when it is new.
    [[nodiscard]] double stack(const std::string& label);
};

}  // namespace nd::bench
