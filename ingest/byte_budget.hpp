// How many bytes the whole process may hold at once for one purpose: request bodies (body_buffer
// takes and gives back), and events on their way to Kafka (publication). Made by main, shared by
// all io threads. A refusal is errc::busy at the caller: 503, try later.
#pragma once

#include <atomic>
#include <cstddef>

namespace nd::ingest {

// The queue to Kafka: a full one is 503, there is no second.
inline constexpr std::size_t queue_bytes = std::size_t{32} << 20;

class byte_budget {
  public:
    static constexpr std::size_t default_limit = std::size_t{64} << 20;

    explicit byte_budget(std::size_t limit = default_limit) : limit_(limit) {}

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

  private:
    std::size_t limit_;
    std::atomic<std::size_t> used_{0};
};

}  // namespace nd::ingest
