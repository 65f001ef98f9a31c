// The bytes of one request's body, followed by the padding that the scanner may read. It grows as
// bytes arrive, never by what a header promises, and its capacity is charged to the process's
// budget for as long as the request lives (in Kafka's queue too). Used on one io thread.
#pragma once

#include "ingest/byte_budget.hpp"
#include "schema/batch.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace nd::ingest {

class body_buffer {
  public:
    static constexpr std::size_t first_step = std::size_t{32} << 10;

    explicit body_buffer(byte_budget& budget) : budget_(&budget) {}
    ~body_buffer() { clear(); }
    body_buffer(body_buffer&& from) noexcept;
    body_buffer& operator=(body_buffer&& from) noexcept;

    // Makes room() at least `least` bytes. `most`: how much may still come; the step is smaller
    // while little has arrived. False when the budget is used up (the content stays).
    [[nodiscard]] bool make_room(std::size_t most, std::size_t least = 1);
    // Write there, then say how much with added().
    [[nodiscard]] std::span<char> room() noexcept {
        return {bytes_.get() + size_, capacity_ - size_};
    }
    void added(std::size_t bytes) noexcept { size_ += bytes; }
    // `most` as above, for what comes after these bytes too.
    [[nodiscard]] bool append(std::string_view bytes, std::size_t most);

    [[nodiscard]] char* data() noexcept { return bytes_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }

    void clear() noexcept;  // gives memory and charge back

  private:
    byte_budget* budget_;
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;  // without the padding; this is what is charged
};

}  // namespace nd::ingest
