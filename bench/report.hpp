// What a run found: figures, pictures, and what another person needs to believe or repeat it.
// Scenarios fill it; main writes it as JSON, which compare reads again and report.py turns into a
// page.
#pragma once

#include "base/result.hpp"
#include "bench/chart.hpp"
#include "bench/figure.hpp"

#include <boost/json/value.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace nd::bench {

class report {
  public:
    // The figure of that name, made when it is new; values of repetitions are added to it.
    figure& at(const std::string& name, const std::string& unit, better is);
    // Adds one repetition's value. What is no number (0/0, x/0) is left out with a note: JSON has
    // no way to write it, and the file could not be read again.
    void add(const std::string& name, const std::string& unit, better is, double value);
    [[nodiscard]] double median(const std::string& name) const;  // 0 when there is no such figure
    // The chart of that name, made when it is new: curves, or stacked bars.
    chart& curve(const std::string& name, std::string title, std::string x_label,
                 std::string y_label);
    chart& bars(const std::string& name, std::string title, std::string y_label);
    // A sentence that a reader of the figures must know (errors, noise, what was left out).
    void note(std::string sentence);
    void fact(const std::string& name, std::string value);  // settings, versions, the machine

    // False when something was counted that makes the figures worthless (see the notes).
    [[nodiscard]] bool sound() const noexcept { return sound_; }
    void unsound(std::string sentence);

    [[nodiscard]] const std::deque<figure>& figures() const noexcept { return figures_; }
    [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
    [[nodiscard]] const std::map<std::string, std::string>& facts() const noexcept {
        return facts_;
    }
    [[nodiscard]] boost::json::value to_json() const;

  private:
    chart& picture(const std::string& name);

    std::deque<figure> figures_;  // deques: what at(), curve() and bars() gave stays where it is
    std::deque<chart> charts_;
    std::vector<std::string> notes_;
    std::map<std::string, std::string> facts_;
    bool sound_ = true;
};

// The figures and facts of a report's JSON, as text. errc::invalid says what is wrong with it.
[[nodiscard]] base::result<report> report_from(const std::string& json);

// The figures as an aligned table for a terminal, with the goals, the spreads and the notes.
[[nodiscard]] std::string to_table(const report& of);

}  // namespace nd::bench
