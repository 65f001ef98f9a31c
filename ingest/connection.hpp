// One client's connection: its stream, the bytes read ahead, and the moment by which it must have
// moved. Owned by its session's coroutine; connection_set knows all of an io thread's. Reading and
// writing only; it knows no HTTP.
#pragma once

#include "ingest/byte_stream.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <span>
#include <string_view>

namespace nd::ingest {

class connection_set;

enum class ending {
    none,
    closed,
    timed_out
};  // `closed`: by the client, by an error, or because we drain

class connection {
  public:
    using clock = std::chrono::steady_clock;

    connection(connection_set& set, std::unique_ptr<byte_stream> stream);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Everything that is waited for must be over this much later; a slow client is cut by
    // connection_set::sweep.
    void allow(clock::duration longest);
    void allow_forever();

    // Bytes that came and are not used yet. At most `max_ready` of them.
    static constexpr std::size_t first_ready = std::size_t{4} << 10;
    static constexpr std::size_t max_ready = std::size_t{16} << 10;
    [[nodiscard]] std::string_view ready() const noexcept;
    void consume(std::size_t bytes) noexcept;

    [[nodiscard]] base::task<bool> handshake();
    // More ready(), in two steps, `came(co_await more())`: a coroutine of its own around the
    // stream's would cost each request another frame. False when there will be none: ended() says
    // why. Full and nothing consumed counts as `closed`.
    [[nodiscard]] base::task<io_result> more();
    [[nodiscard]] bool came(const io_result& got) noexcept;
    // Past ready(), straight into the caller's memory; 0 when there will be no more.
    [[nodiscard]] base::task<std::size_t> read_into(std::span<char> into);
    // As read_into, without waiting: 0 when nothing is there now.
    [[nodiscard]] std::size_t read_now(std::span<char> into) noexcept;
    [[nodiscard]] base::task<bool> write(std::string_view bytes);
    // As write, without waiting: what is left to write().
    [[nodiscard]] std::string_view write_now(std::string_view bytes) noexcept;
    // Ends it so that the client can still read our last answer: no more from us, then what the
    // client still sends is read and thrown away, within bounds. Closing at once would make the
    // kernel reset the connection and take the answer with it.
    [[nodiscard]] base::task<> linger();

    [[nodiscard]] ending ended() const noexcept { return ended_; }
    // Until busy(), nothing is owed to the client, and draining ends it here. Before its first
    // request it gets a moment even then: the kernel took that request for us, perhaps.
    void wait_idle(clock::duration longest);
    void busy();

  private:
    friend class connection_set;
    void note(const io_result& got) noexcept;

    connection_set& set_;
    std::unique_ptr<byte_stream> stream_;
    std::list<connection*>::iterator place_;
    clock::time_point deadline_ = clock::time_point::max();
    bool overdue_ = false;
    bool idle_ = false;
    bool used_ = false;  // a request has begun
    ending ended_ = ending::none;

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

// All connections of one io thread.
class connection_set {
  public:
    // Cuts what is overdue. Called a few times a second: one timer for all instead of one for each
    // read.
    void sweep(connection::clock::time_point now);
    // From now on connections end with their present request; idle ones at once.
    void drain();
    // The drain took too long: whatever is waited for ends now.
    void cut();
    [[nodiscard]] bool draining() const noexcept { return draining_; }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

  private:
    friend class connection;
    std::list<connection*> all_;
    bool draining_ = false;
    bool cutting_ = false;
};

}  // namespace nd::ingest
