#include "ingest/body_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace nd::ingest {

body_buffer::body_buffer(body_buffer&& from) noexcept
    : budget_(from.budget_),
      bytes_(std::move(from.bytes_)),
      size_(std::exchange(from.size_, 0)),
      capacity_(std::exchange(from.capacity_, 0)) {}

body_buffer& body_buffer::operator=(body_buffer&& from) noexcept {
    std::swap(budget_, from.budget_);
    std::swap(bytes_, from.bytes_);
    std::swap(size_, from.size_);
    std::swap(capacity_, from.capacity_);
    return *this;
}

bool body_buffer::make_room(std::size_t most, std::size_t least) {
    if (capacity_ - size_ >= least) return true;
    const auto next = std::min(size_ + most, std::max({capacity_ * 2, first_step, size_ + least}));
    if (!budget_->take(next - capacity_)) return false;
    // Not value-initialised: clearing what is about to be overwritten costs as much as the copy.
    // Only the padding is.
    std::unique_ptr<char[]> grown(new char[next + schema::batch_padding]);
    if (size_ > 0) std::memcpy(grown.get(), bytes_.get(), size_);
    std::memset(grown.get() + next, 0, schema::batch_padding);
    bytes_ = std::move(grown);
    capacity_ = next;
    return true;
}

bool body_buffer::append(std::string_view bytes, std::size_t most) {
    if (bytes.empty()) return true;
    if (!make_room(std::max(most, bytes.size()), bytes.size())) return false;
    std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return true;
}

void body_buffer::clear() noexcept {
    if (capacity_ > 0) budget_->give_back(capacity_);
    bytes_.reset();
    size_ = capacity_ = 0;
}

}  // namespace nd::ingest
