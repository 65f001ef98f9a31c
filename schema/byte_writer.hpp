// Bytes put one behind the other into room that was made before, so that a dozen of them cost a
// copy and no question. Used where a page is written: its record, and what its fingerprint is made
// over.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace nd::schema {

class byte_writer {
  public:
    static constexpr std::size_t longest_number = 10;

    explicit byte_writer(std::size_t expected)
        : bytes_(std::make_unique_for_overwrite<char[]>(expected)), capacity_(expected) {}

    // For so many bytes more; before the puts that need it.
    void make_room(std::size_t more) {
        if (capacity_ - size_ < more) grow(more);
    }
    void put(char c) noexcept { bytes_[size_++] = c; }
    void put(std::string_view text) noexcept {
        copy(bytes_.get() + size_, text.data(), text.size());
        size_ += text.size();
    }
    void put_number(std::uint32_t number) noexcept {
        char* const to = bytes_.get() + size_;
        size_ += static_cast<std::size_t>(std::to_chars(to, to + longest_number, number).ptr - to);
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    void clear() noexcept { size_ = 0; }

  private:
    // Both ends, which may overlap, instead of a call for a few bytes.
    template <std::size_t Half>
    static void copy_ends(char* to, const char* from, std::size_t size) noexcept {
        std::array<char, Half> first, last;  // not initialised: both are read before a write
        std::memcpy(first.data(), from, Half);
        std::memcpy(last.data(), from + size - Half, Half);
        std::memcpy(to, first.data(), Half);
        std::memcpy(to + size - Half, last.data(), Half);
    }
    static void copy(char* to, const char* from, std::size_t size) noexcept {
        if (size > 32)
            std::memcpy(to, from, size);
        else if (size >= 16)
            copy_ends<16>(to, from, size);
        else if (size >= 8)
            copy_ends<8>(to, from, size);
        else if (size >= 4)
            copy_ends<4>(to, from, size);
        else
            for (std::size_t i = 0; i < size; ++i)
                to[i] = from[i];
    }

    void grow(std::size_t more) {
        capacity_ = std::max(2 * capacity_, size_ + more);
        auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
        std::memcpy(larger.get(), bytes_.get(), size_);
        bytes_ = std::move(larger);
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_;
    std::size_t size_ = 0;
};

}  // namespace nd::schema
