// How many bytes of request bodies the whole process may hold at once (64 MiB). One object, made by
// main, shared by all io threads; body_buffer takes from it and gives back. A refusal is errc::busy
// at the caller: 503, try later.
#pragma once

#include <atomic>
#include <cstddef>

namespace nd::ingest {

class body_budget {
  public:
    static constexpr std::size_t default_limit = std::size_t{64} << 20;

    explicit body_budget(std::size_t limit = default_limit) : limit_(limit) {}

    [[nodiscard]] bool take(std::size_t bytes) noexcept {
        const auto before = used_.fetch_add(bytes, std::memory_order_relaxed);
        if (before + bytes <= limit_) return true;
        give_back(bytes);
        return false;
    }
    void give_back(std::size_t bytes) noexcept {
        used_.fetch_sub(bytes, std::memory_order_relaxed);
    }
    [[nodiscard]] std::size_t used() const noexcept {
        return used_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

  private:
    std::size_t limit_;
    std::atomic<std::size_t> used_{0};
};

}  // namespace nd::ingest
