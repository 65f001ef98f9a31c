// Where a page keeps the texts of its elements: a block for all of them instead of an allocation
// for each. Views stay as long as the store lives, and it is never copied. Used by the page
// redactor.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace nd::schema {

class text_store {
  public:
    // `expected`: bytes of all texts; more is fine, and costs a block more.
    explicit text_store(std::size_t expected) { add_block(expected); }
    text_store(const text_store&) = delete;
    text_store& operator=(const text_store&) = delete;

    [[nodiscard]] std::string_view keep(std::string_view text) {
        if (text.empty()) return {};  // whose data() memcpy may not be given
        constexpr std::size_t usual = 4096;
        if (left_ < text.size()) add_block(std::max(usual, text.size()));
        char* const at = next_;
        std::memcpy(at, text.data(), text.size());
        next_ += text.size();
        left_ -= text.size();
        return {at, text.size()};
    }

  private:
    void add_block(std::size_t size) {
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        next_ = blocks_.back().get();
        left_ = size;
    }

    std::vector<std::unique_ptr<char[]>> blocks_;
    char* next_ = nullptr;
    std::size_t left_ = 0;
};

}  // namespace nd::schema
