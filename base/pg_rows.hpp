// What a statement answered: rows with typed access by column name. Views into a row live as long
// as its rows. Asking for a column that the statement does not have, or a NULL as a value, is a bug
// in us and throws std::logic_error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_result;

namespace nd::base::pg {

class row {
  public:
    row(const pg_result* from, int index) noexcept : from_(from), index_(index) {}
    [[nodiscard]] bool is_null(std::string_view column) const;
    [[nodiscard]] std::string_view text(std::string_view column) const;
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view column) const;
    [[nodiscard]] std::int64_t integer(std::string_view column) const;
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view column) const;
    [[nodiscard]] bool boolean(std::string_view column) const;
    [[nodiscard]] std::vector<std::uint8_t> bytea(std::string_view column) const;
    [[nodiscard]] std::vector<std::string> texts(
        std::string_view column) const;  // text[], no NULL inside
    [[nodiscard]] std::vector<std::int64_t> integers(
        std::string_view column) const;  // int[] or bigint[], no NULL inside

  private:
    [[nodiscard]] int number_of(std::string_view column) const;
    const pg_result* from_;
    int index_;
};

class rows {
  public:
    explicit rows(pg_result* owned);
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] std::uint64_t affected() const;  // rows changed by INSERT, UPDATE, DELETE
    [[nodiscard]] row operator[](std::size_t index) const;

    class iterator {
      public:
        iterator(const rows& of, std::size_t at) noexcept : of_(&of), at_(at) {}
        [[nodiscard]] row operator*() const { return (*of_)[at_]; }
        iterator& operator++() noexcept {
            ++at_;
            return *this;
        }
        [[nodiscard]] bool operator==(const iterator&) const noexcept = default;

      private:
        const rows* of_;
        std::size_t at_;
    };
    [[nodiscard]] iterator begin() const noexcept { return {*this, 0}; }
    [[nodiscard]] iterator end() const noexcept { return {*this, size()}; }

  private:
    struct clear {
        void operator()(pg_result* owned) const noexcept;
    };
    std::unique_ptr<pg_result, clear> owned_;
};

}  // namespace nd::base::pg
