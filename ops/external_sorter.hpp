// Sorts more than fits into memory: sorted runs in a spill_file, merged while they are read, as
// often as wanted. Called by the audit, one thread. Memory: `most_in_memory` elements while they
// are added, about as much while they are read. What fits never touches a disk.
#pragma once

#include "base/result.hpp"
#include "ops/spill_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace nd::ops {

template <class T, class Less>
class external_sorter {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    static constexpr std::size_t usual = (std::size_t{64} << 20) / sizeof(T);  // 64 MiB

    explicit external_sorter(std::size_t most_in_memory = usual)
        : most_(std::max<std::size_t>(most_in_memory, 16)) {}

    // Not after the first pass. Errors: the spill_file's.
    [[nodiscard]] base::result<> add(const T& one) {
        if (fresh_.size() == most_) {
            if (auto spilled = spill(); !spilled) return spilled;
        }
        fresh_.push_back(one);
        ++size_;
        return {};
    }
    [[nodiscard]] std::uint64_t size() const { return size_; }

    // One walk over everything in order. The sorter must outlive it, and two may be open at once.
    class pass {
      public:
        // The next element, valid until the next call; nullptr after the last.
        [[nodiscard]] base::result<const T*> next() {
            if (open_) {
                std::pop_heap(heap_.begin(), heap_.end(), later);
                auto& moved = heap_.back();
                if (++moved.at == moved.end) {
                    if (auto more = refill(moved); !more) return more.error();
                }
                if (moved.at == moved.end) {
                    heap_.pop_back();
                } else {
                    std::push_heap(heap_.begin(), heap_.end(), later);
                }
            }
            open_ = !heap_.empty();
            if (heap_.empty()) return static_cast<const T*>(nullptr);
            return &*heap_.front().at;
        }

      private:
        friend class external_sorter;
        struct run {
            std::uint64_t offset = 0;  // of what is not read yet
            std::uint64_t left = 0;    // elements
            std::vector<T> piece;
            const T* at = nullptr;
            const T* end = nullptr;
        };

        [[nodiscard]] base::result<> refill(run& of) {
            const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(of.left, piece_));
            of.piece.resize(count);
            of.at = of.piece.data();
            of.end = of.at + count;
            if (count == 0) return {};
            auto read = file_->read(of.offset, std::as_writable_bytes(std::span(of.piece)));
            of.offset += count * sizeof(T);
            of.left -= count;
            return read;
        }
        static bool later(const run& a, const run& b) { return Less()(*b.at, *a.at); }
        const spill_file* file_ = nullptr;
        std::size_t piece_ = 0;
        std::vector<run> heap_;
        bool open_ = false;  // the top was given out
    };

    [[nodiscard]] base::result<pass> begin() {
        if (!sorted_) {
            std::sort(fresh_.begin(), fresh_.end(), Less());
            sorted_ = true;
        }
        pass made;
        if (file_) made.file_ = &*file_;
        made.piece_ = std::max<std::size_t>(most_ / (runs_.size() + 1), 64);
        for (const auto& [offset, count] : runs_) {
            typename pass::run one{offset, count, {}, nullptr, nullptr};
            if (auto read = made.refill(one); !read) return read.error();
            made.heap_.push_back(std::move(one));
        }
        if (!fresh_.empty()) {
            made.heap_.push_back({0, 0, {}, fresh_.data(), fresh_.data() + fresh_.size()});
        }
        std::make_heap(made.heap_.begin(), made.heap_.end(), pass::later);
        return made;
    }

  private:
    [[nodiscard]] base::result<> spill() {
        if (!file_) {
            auto made = spill_file::make();
            if (!made) return made.error();
            file_.emplace(std::move(*made));
        }
        std::sort(fresh_.begin(), fresh_.end(), Less());
        runs_.emplace_back(file_->size(), fresh_.size());
        auto wrote = file_->append(std::as_bytes(std::span(std::as_const(fresh_))));
        fresh_.clear();
        return wrote;
    }

    std::size_t most_;
    std::uint64_t size_ = 0;
    bool sorted_ = false;
    std::vector<T> fresh_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> runs_;  // offset, elements
    std::optional<spill_file> file_;
};

}  // namespace nd::ops
