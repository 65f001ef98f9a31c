// The lines of a file, plain or compressed (gzip, zstd: told by its first bytes), with bounded
// memory whatever is in it. Called by import, on one thread.
//
// Errors: invalid when the file cannot be opened, data when a compressed one is damaged or ends
// before its own end (the lines before that were given).
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nd::ops {

struct text_line {
    std::int64_t number = 0;  // from 1
    std::string_view text;    // without its end; lives until the next one is read
    std::uint64_t size = 0;   // larger than the text's: the line was cut
};

class line_reader {
  public:
    [[nodiscard]] static base::result<line_reader> open(const std::string& path);
    ~line_reader();
    line_reader(line_reader&&) noexcept;
    line_reader& operator=(line_reader&&) noexcept;

    // None after the last. A line keeps its first `longest_kept` bytes.
    [[nodiscard]] base::result<std::optional<text_line>> next();

    static constexpr std::size_t longest_kept = std::size_t{64} << 10;

  private:
    class source;
    explicit line_reader(std::unique_ptr<source> from);

    std::unique_ptr<source> from_;
    std::string_view piece_;  // of the source, not yet read
    std::string line_;
    std::int64_t number_ = 0;
};

}  // namespace nd::ops
