// The line that says how far a long work is, on the error stream: rewritten in place on a terminal,
// one line every ten seconds elsewhere. Called by replay and import. `progress_text` is pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace nd::ops {

struct progress_sight {
    double share = 0;        // of the whole, 0 to 1; below 0: unknown
    std::int64_t count = 0;  // records, lines
    double per_second = 0;
    double left_s = -1;  // below 0: unknown
    std::string noun;
    std::string more;  // "giving way to the live writer"
};
// "[#######-------------]  35.2 %  1,234,567 records  150,000/s  12 s left"
[[nodiscard]] std::string progress_text(const progress_sight& sight);
[[nodiscard]] std::string with_commas(std::int64_t number);

class progress_line {
  public:
    using clock = std::chrono::steady_clock;

    explicit progress_line(std::string noun);
    ~progress_line();  // leaves the cursor on a line of its own
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;

    void show(double share, std::int64_t count, const std::string& more);

  private:
    std::string noun_;
    bool terminal_;
    bool open_ = false;
    clock::time_point shown_at_;
    struct point {
        clock::time_point at;
        double share;
        std::int64_t count;
    };
    std::deque<point> points_;  // of the last ten seconds: the rate
};

}  // namespace nd::ops
