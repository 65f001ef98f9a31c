// Where a batch keeps the texts of its rows: a few large blocks, kept from batch to batch, so that
// an event costs no allocation. Views stay valid until clear().
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace nd::workers {

class text_arena {
  public:
    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        char* at = room(text.size());
        std::memcpy(at, text.data(), text.size());
        return {at, text.size()};
    }
    void clear() {
        current_ = 0;
        used_ = 0;
    }

  private:
    struct block {
        std::unique_ptr<char[]> bytes;
        std::size_t size;
    };
    static constexpr std::size_t block_size = std::size_t{1} << 20;

    char* room(std::size_t size) {
        while (current_ < blocks_.size() && used_ + size > blocks_[current_].size) {
            ++current_;
            used_ = 0;
        }
        if (current_ == blocks_.size()) {
            const auto bytes = std::max(block_size, size);
            blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
        }
        char* at = blocks_[current_].bytes.get() + used_;
        used_ += size;
        return at;
    }

    std::vector<block> blocks_;
    std::size_t current_ = 0;
    std::size_t used_ = 0;
};

}  // namespace nd::workers
