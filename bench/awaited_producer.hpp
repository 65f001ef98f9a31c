// A bare producer on the loop of a server: a request's records are produced, and the request waits
// until Kafka has answered for all of them. Used by the bare edge and by the limit's responder.
#pragma once

#include "bench/bare_producer.hpp"
#include "bench/forked_server.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nd::bench {

class awaited_producer {
  public:
    // What Kafka has not answered for yet, and whether it refused any. Must live until
    // `outstanding` is 0; `done` never runs out, it is cancelled then.
    struct request {
        using timer =
            boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                              boost::asio::wait_traits<std::chrono::steady_clock>,
                                              forked_server::executor>;
        explicit request(const forked_server::executor& on) : done(on, timer::time_point::max()) {}
        timer done;
        std::size_t outstanding = 0;
        bool failed = false;
    };

    // Throws std::runtime_error, as bare_producer does.
    awaited_producer(boost::asio::io_context& io, const std::string& kafka,
                     const std::string& client_id, const std::string& topic,
                     const std::string& codec);

    // The records from here on are another request's.
    void begin_request(base::placement where) { to_.turns.begin(where); }
    // The value's bytes stay the caller's and must live until the report. Without a key and
    // headers:
    void produce(std::string_view value, request& of);
    // With those of nd-ingest's records:
    void produce(std::string_view key, std::string_view value, request& of);

  private:
    void produced(bool queued, request& of);
    void await_wake();
    void take_reports();

    bare_producer to_;
    boost::asio::posix::basic_stream_descriptor<forked_server::executor> wake_;
    std::uint64_t wakes_ = 0;
};

}  // namespace nd::bench
