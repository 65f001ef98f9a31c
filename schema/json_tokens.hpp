// Where the tokens of a JSON text start: simdjson's first stage, the only part of simdjson used
// here. It picks the fastest code for this processor at run time (its On-Demand parser is fixed at
// compile time, skips what nobody asks for without validating it, and its DOM refuses integers
// beyond 64 bits). What stage 1 guarantees: every byte outside the tokens is JSON whitespace,
// strings are closed and hold no raw control character, all of it is UTF-8. Judging the tokens
// themselves is json_cursor's work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace nd::schema {

class json_tokens {
  public:
    json_tokens();
    ~json_tokens();
    json_tokens(json_tokens&&) noexcept;
    json_tokens& operator=(json_tokens&&) noexcept;

    enum class outcome { indexed, empty, not_utf8, broken_string };
    // Finds the tokens of text[0..size); text[size..size+64) must be readable. not_utf8: blank the
    // offending bytes and call again. broken_string: find_broken_string() tells where.
    [[nodiscard]] outcome index(const char* text, std::size_t size);

    // After `indexed`, until the next index(): where each token starts, in order, and once more the
    // size of the text for the end.
    [[nodiscard]] const std::uint32_t* begin() const noexcept { return starts_; }
    [[nodiscard]] const std::uint32_t* end() const noexcept { return starts_ + count_; }

  private:
    struct stage1;
    std::unique_ptr<stage1> stage1_;
    const std::uint32_t* starts_ = nullptr;
    std::uint32_t count_ = 0;
};

struct broken_string {
    std::size_t at = 0;
    const char* what = "";
};
// The slow second look that gives an error its place.
[[nodiscard]] broken_string find_broken_string(std::string_view text) noexcept;

}  // namespace nd::schema
