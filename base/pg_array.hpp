// Arrays for one statement's parameters in Postgres's binary form (the cheapest way in), and the
// way back from an array in text form. Callers: the writer's batch, bulk key look-ups. The SQL
// casts: `$1::uuid[]`. Pure; no I/O. Texts must be valid UTF-8 without NUL: Postgres refuses the
// whole statement otherwise, without saying which element it was.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nd::base::pg {

// What all element types share. The header is kept true after every add, so bytes() may be read at
// any time.
class binary_array {
  public:
    void clear();  // keeps the memory: one array serves many batches
    void add_null();
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
        return {bytes_.data(), used_};
    }

  protected:
    explicit binary_array(std::uint32_t element_oid);
    void add(std::span<const std::uint8_t> element);
    void add_number(std::uint32_t value);
    void add_number(std::uint64_t value);

  private:
    std::uint8_t* grow(std::size_t element_size);
    std::uint32_t oid_;
    std::uint32_t count_ = 0;
    std::size_t used_ = 0;             // of bytes_
    std::vector<std::uint8_t> bytes_;  // never shrinks
};

class uuid_array : public binary_array {
  public:
    uuid_array();
    void add(std::span<const std::uint8_t, 16> uuid) { binary_array::add(uuid); }
};

class timestamptz_array : public binary_array {
  public:
    timestamptz_array();
    void add(std::int64_t unix_microseconds);  // microseconds since 1970; Postgres counts from 2000
};

class text_array : public binary_array {
  public:
    text_array();
    void add(std::string_view text);
    template <class Text>
    void add(const std::optional<Text>& text) {
        if (text) {
            add(std::string_view(*text));
        } else {
            add_null();
        }
    }
};

class int4_array : public binary_array {
  public:
    int4_array();
    void add(std::int32_t value);
};

class int8_array : public binary_array {
  public:
    int8_array();
    void add(std::int64_t value);
};

class bytea_array : public binary_array {
  public:
    bytea_array();
    void add(std::span<const std::uint8_t> bytes) { binary_array::add(bytes); }
};

// One dimension in text form, as a column of type text[] or int[] comes back: {a,"b c",NULL}.
// Errors: not of that form.
[[nodiscard]] result<std::vector<std::optional<std::string>>> parse_array(std::string_view text);

}  // namespace nd::base::pg
