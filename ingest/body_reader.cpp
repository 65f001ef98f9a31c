#include "ingest/body_reader.hpp"

#include "schema/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nd::ingest {
namespace {

std::size_t smaller(std::uint64_t length, std::size_t here) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(length, here));
}

}  // namespace

body_reader::body_reader(connection& from, const request_head& head,
                         connection::clock::duration longest)
    : from_(from),
      longest_(longest),
      left_(head.content_length),
      chunked_(head.chunked),
      client_waits_(head.expects_continue && !head.http_1_0 && head.has_body()),
      finished_(!head.has_body()) {}

std::optional<body_end> body_reader::take_ready(body_buffer& into) {
    if (finished_) return body_end::complete;
    if (chunked_ || left_ > schema::max_body) return std::nullopt;
    if (client_waits_ && from_.ready().size() < left_) return std::nullopt;
    if (!take_early(into)) return body_end::no_room;
    while (left_ > 0) {
        const auto room = room_for_rest(into);
        if (room.empty()) return body_end::no_room;
        const auto n = from_.read_now(room);
        if (n == 0) return std::nullopt;
        took(into, n);
    }
    client_waits_ = false;
    finished_ = true;
    return body_end::complete;
}

base::task<body_end> body_reader::read(body_buffer& into) {
    if (finished_) co_return body_end::complete;
    if (!chunked_ && left_ > schema::max_body) co_return body_end::too_large;
    from_.allow(longest_);
    if (client_waits_) {
        const bool asked = co_await ask_for_it();
        if (!asked) co_return why_ended();
    }
    auto reading = chunked_ ? read_chunked(into) : read_sized(into);
    const auto end = co_await std::move(reading);
    from_.allow_forever();
    finished_ = end == body_end::complete;
    co_return end;
}

// A client that sends its body without waiting needs no invitation (RFC 9110 10.1.1).
base::task<bool> body_reader::ask_for_it() {
    client_waits_ = false;
    if (!from_.ready().empty()) co_return true;
    const bool sent = co_await from_.write("HTTP/1.1 100 Continue\r\n\r\n");
    co_return sent;
}

bool body_reader::take_early(body_buffer& into) {
    const auto early = from_.ready().substr(0, smaller(left_, from_.ready().size()));
    if (!into.append(early, static_cast<std::size_t>(left_))) return false;
    left_ -= early.size();
    from_.consume(early.size());
    return true;
}

std::span<char> body_reader::room_for_rest(body_buffer& into) const {
    if (!into.make_room(static_cast<std::size_t>(left_))) return {};
    const auto room = into.room();
    return room.first(smaller(left_, room.size()));
}

void body_reader::took(body_buffer& into, std::size_t bytes) noexcept {
    into.added(bytes);
    left_ -= bytes;
}

base::task<body_end> body_reader::read_sized(body_buffer& into) {
    if (!take_early(into)) co_return body_end::no_room;
    while (left_ > 0) {
        const auto room = room_for_rest(into);
        if (room.empty()) co_return body_end::no_room;
        const auto n = co_await from_.read_into(room);
        if (n == 0) co_return why_ended();
        took(into, n);
    }
    co_return body_end::complete;
}

base::task<body_end> body_reader::read_chunked(body_buffer& into) {
    while (true) {
        const auto so_far = take_chunks(into);
        if (so_far != body_end::cut_off) co_return so_far;
        const auto got = co_await from_.more();
        if (!from_.came(got)) co_return why_ended();
    }
}

// What is ready, decoded; `cut_off` when more is needed.
body_end body_reader::take_chunks(body_buffer& into) {
    while (true) {
        auto bytes = from_.ready();
        std::string_view slice;
        const auto state = chunks_.next(bytes, slice);
        const auto used = from_.ready().size() - bytes.size();
        if (state == chunk_state::data) {
            if (into.size() + slice.size() > schema::max_body) return body_end::too_large;
            if (!into.append(slice, schema::max_body - into.size())) return body_end::no_room;
        }
        from_.consume(used);
        if (state == chunk_state::complete) return body_end::complete;
        if (state == chunk_state::bad) return body_end::bad;
        if (state == chunk_state::need_more) return body_end::cut_off;
    }
}

body_end body_reader::why_ended() const noexcept {
    return from_.ended() == ending::timed_out ? body_end::slow : body_end::cut_off;
}

bool body_reader::skippable() const noexcept {
    return finished_ || (!chunked_ && !client_waits_ && left_ <= schema::max_body);
}

base::task<bool> body_reader::skip() {
    from_.allow(longest_);
    const auto early = smaller(left_, from_.ready().size());
    from_.consume(early);
    left_ -= early;
    std::array<char, 4096> sink;
    while (left_ > 0) {
        const std::span room(sink.data(), smaller(left_, sink.size()));
        const auto n = co_await from_.read_into(room);
        if (n == 0) co_return false;
        left_ -= n;
    }
    finished_ = true;
    from_.allow_forever();
    co_return true;
}

}  // namespace nd::ingest
