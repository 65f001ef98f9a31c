// Reads one request's body, with a length or chunked, under the cap; or reads over it, so that the
// connection can carry the next request. Called by post_events and, for what post_events left
// unread, by the session. I/O only through connection.
#pragma once

#include "ingest/body_buffer.hpp"
#include "ingest/chunked.hpp"
#include "ingest/connection.hpp"
#include "ingest/request_head.hpp"

#include <optional>
#include <span>

namespace nd::ingest {

enum class body_end {
    complete,
    too_large,  // over 1 MiB as sent
    slow,       // not there in time
    cut_off,    // the client ended it early
    bad,        // not a chunked body
    no_room,    // the process's body budget is used up
};

class body_reader {
  public:
    body_reader(connection& from, const request_head& head, connection::clock::duration longest);

    // What can be said without waiting, of a body that has come whole. nullopt: the rest is read().
    [[nodiscard]] std::optional<body_end> take_ready(body_buffer& into);
    // All of it. Asks for it first when the client waits with Expect: 100-continue.
    [[nodiscard]] base::task<body_end> read(body_buffer& into);

    [[nodiscard]] bool finished() const noexcept { return finished_; }
    // Whether what is left is known to come and to be short enough to be read over.
    [[nodiscard]] bool skippable() const noexcept;
    // False when the connection ended meanwhile.
    [[nodiscard]] base::task<bool> skip();

  private:
    [[nodiscard]] base::task<bool> ask_for_it();
    // Of a body with a length: what is ready. False: no room.
    [[nodiscard]] bool take_early(body_buffer& into);
    // Empty: no room.
    [[nodiscard]] std::span<char> room_for_rest(body_buffer& into) const;
    void took(body_buffer& into, std::size_t bytes) noexcept;
    [[nodiscard]] base::task<body_end> read_sized(body_buffer& into);
    [[nodiscard]] base::task<body_end> read_chunked(body_buffer& into);
    [[nodiscard]] body_end take_chunks(body_buffer& into);
    [[nodiscard]] body_end why_ended() const noexcept;

    connection& from_;
    connection::clock::duration longest_;
    std::uint64_t left_;
    bool chunked_;
    bool client_waits_;
    bool finished_;
    chunked_decoder chunks_;
};

}  // namespace nd::ingest
