// Columns that line up, for the human form of a list. Pure. A cell never wraps: an operator greps
// and cuts these lines.
#pragma once

#include <string>
#include <vector>

namespace nd::ops {

class text_table {
  public:
    explicit text_table(std::vector<std::string> header) : rows_{std::move(header)} {}

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.size() == 1; }
    [[nodiscard]] std::string text() const;

  private:
    std::vector<std::vector<std::string>> rows_;  // the first is the header
};

// "1 key", "2 keys": counts read aloud.
[[nodiscard]] std::string counted(std::size_t n, const std::string& noun);

}  // namespace nd::ops
