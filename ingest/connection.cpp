#include "ingest/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace nd::ingest {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds longest_linger{3};
constexpr std::chrono::seconds first_request_in_drain{1};
constexpr std::size_t most_lingered = std::size_t{16} << 20;

}  // namespace

connection::connection(connection_set& set, std::unique_ptr<byte_stream> stream)
    : set_(set), stream_(std::move(stream)), place_(set.all_.insert(set.all_.end(), this)) {}

connection::~connection() {
    set_.all_.erase(place_);
}

void connection::allow(clock::duration longest) {
    if (set_.cutting_) return;
    overdue_ = false;
    deadline_ = clock::now() + longest;
}

void connection::allow_forever() {
    if (!set_.cutting_) deadline_ = clock::time_point::max();
}

std::string_view connection::ready() const noexcept {
    return {bytes_.get() + begin_, end_ - begin_};
}

void connection::consume(std::size_t bytes) noexcept {
    begin_ += bytes;
    if (begin_ < end_) return;
    begin_ = end_ = 0;
    if (capacity_ <= first_ready) return;
    bytes_.reset();  // a large head is rare; an idle connection should not keep its room
    capacity_ = 0;
}

void connection::note(const io_result& got) noexcept {
    if (!got.error) return;
    ended_ = overdue_ ? ending::timed_out : ending::closed;
}

base::task<bool> connection::handshake() {
    const auto done = co_await stream_->handshake();
    note(done);
    co_return !done.error;
}

base::task<io_result> connection::more() {
    if (begin_ > 0) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == capacity_ && capacity_ < max_ready) {
        const auto next = capacity_ == 0 ? first_ready : max_ready;
        std::unique_ptr<char[]> grown(new char[next]);
        if (end_ > 0) std::memcpy(grown.get(), bytes_.get(), end_);
        bytes_ = std::move(grown);
        capacity_ = next;
    }
    // Without room this comes back at once, with nothing.
    return stream_->read_some(asio::buffer(bytes_.get() + end_, capacity_ - end_));
}

bool connection::came(const io_result& got) noexcept {
    end_ += got.bytes;
    note(got);
    if (got.bytes == 0 && ended_ == ending::none) ended_ = ending::closed;
    return got.bytes > 0;
}

base::task<std::size_t> connection::read_into(std::span<char> into) {
    const auto got = co_await stream_->read_some(asio::buffer(into.data(), into.size()));
    note(got);
    co_return got.bytes;
}

std::size_t connection::read_now(std::span<char> into) noexcept {
    return stream_->read_now(asio::buffer(into.data(), into.size()));
}

base::task<bool> connection::write(std::string_view bytes) {
    const auto sent = co_await stream_->write(asio::buffer(bytes.data(), bytes.size()));
    note(sent);
    co_return !sent.error;
}

std::string_view connection::write_now(std::string_view bytes) noexcept {
    return bytes.substr(stream_->write_now(asio::buffer(bytes.data(), bytes.size())));
}

base::task<> connection::linger() {
    allow(longest_linger);
    const auto finished = co_await stream_->finish_sending();
    if (finished.error) co_return;
    std::array<char, 4096> sink;
    for (std::size_t seen = 0; seen < most_lingered && !overdue_;) {
        const auto got = co_await stream_->discard_some(asio::buffer(sink));
        if (got.error) co_return;
        seen += got.bytes;
    }
}

void connection::wait_idle(clock::duration longest) {
    idle_ = true;
    if (set_.draining_ && used_) ended_ = ending::closed;
    allow(set_.draining_ ? first_request_in_drain : longest);
}

void connection::busy() {
    idle_ = false;
    used_ = true;
}

void connection_set::sweep(connection::clock::time_point now) {
    for (auto* one : all_) {
        if (now < one->deadline_) continue;
        one->overdue_ =
            true;  // again each time: a read that began after the last cancel must end too
        one->stream_->cancel();
    }
}

void connection_set::drain() {
    draining_ = true;
    for (auto* one : all_) {
        if (!one->idle_) continue;
        if (one->used_)
            one->stream_->cancel();
        else
            one->allow(first_request_in_drain);
    }
}

void connection_set::cut() {
    cutting_ = true;
    for (auto* one : all_) {
        one->deadline_ = connection::clock::time_point::min();
        one->overdue_ = true;
        one->stream_->cancel();
    }
}

}  // namespace nd::ingest
