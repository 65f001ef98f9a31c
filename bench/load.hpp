// The open-loop load on POST /v1/events, or on POST or GET /v1/schema: requests are due on a
// Poisson schedule whatever the server does, and an answer's latency counts from the moment its
// request was due, so that waiting for a slow server is part of it (no coordinated omission). With
// rate 0 it is closed-loop instead: each connection sends when it was answered, which keeps a
// server saturated while CPU per event is taken; its latencies only compare servers with each
// other.
//
// Several loads may run on one io_context (a noisy tenant beside a quiet one). One thread.
#pragma once

#include "bench/arrivals.hpp"
#include "bench/client.hpp"
#include "bench/histogram.hpp"
#include "bench/page_maker.hpp"
#include "bench/page_read.hpp"
#include "bench/request_maker.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nd::bench {

struct load_plan {
    boost::asio::ip::tcp::endpoint to;
    std::string host;                          // for the Host header and the certificate
    boost::asio::ssl::context* tls = nullptr;  // null: plain HTTP
    std::span<const std::string> keys;         // one per tenant, taken in turn
    std::size_t key_offset = 0;                // the first of them that are left alone
    std::span<const event_template> events;    // what the bodies are made of
    std::span<const page_template> pages;  // instead: POST /v1/schema, a page counts as an event
    std::span<const page_read> reads;      // instead, with their own keys, in turn; one is an event
    encoding encoded = encoding::identity;
    int connections = 64;
    int events_per_request = 50;
    double requests_per_s = 0;                // 0: closed loop
    std::chrono::milliseconds warm_up{1000};  // sent, not counted
    std::chrono::milliseconds window{5000};   // counted
    std::uint64_t seed = 1;
    std::chrono::milliseconds patience{5000};  // with answers that come after the window's end
};

struct load_second {
    std::uint64_t events = 0;  // answered as wanted in this second
    histogram latency;
};

struct load_outcome {
    double seconds = 0;          // of the window
    std::uint64_t requests = 0;  // due (open) or sent (closed) in the window and taken: 202,
                                 // or what a read wants
    std::uint64_t events = 0;    // in these
    std::map<int, std::uint64_t> refused;  // other statuses; 0 = the connection failed
    std::uint64_t rejected = 0;        // 202 answers that took nothing new: the load is wrong then
    std::uint64_t unsent = 0;          // due, but no connection was free before the end
    histogram latency;                 // from due (open) or sent (closed) to answered, of these
    histogram lateness;                // from due to written: the generator's own delay
    std::uint64_t bytes_sent = 0;      // of the requests due in the window
    std::uint64_t bytes_received = 0;  // for these, whatever the answer and however late
    std::vector<load_second> timeline;
    std::string first_refusal;  // body of the first answer that was not wanted

    [[nodiscard]] double events_per_s() const;
    [[nodiscard]] std::uint64_t failures() const;  // whatever was not wanted
};

class load final : private client::user {
  public:
    using clock = std::chrono::steady_clock;
    // A request whose answer has come, for scenarios that follow identities.
    struct answer {
        int status = 0;
        clock::time_point due;
        std::uint64_t first_event = 0;  // see ids()
        std::int64_t occurred_us = 0;   // of all its events
        std::size_t key = 0;            // place in the plan's keys, or reads
    };
    using acknowledged = std::function<void(const answer& of)>;

    load(boost::asio::io_context& io, load_plan plan);
    ~load();

    // Connects, then runs from the first moment that all connections stand (or two seconds have
    // passed) to the end of the window and of the last answer (at most `patience` more).
    // `at_window` is called when the counted window begins and when it ends.
    void start(std::function<void(bool begins)> at_window = {});
    void on_answer(acknowledged tell) { tell_ = std::move(tell); }
    [[nodiscard]] const load_outcome& outcome() const noexcept { return outcome_; }
    [[nodiscard]] const fresh_ids& ids() const noexcept { return maker_.ids(); }
    [[nodiscard]] std::uint64_t answered_events() const noexcept { return answered_events_; }

  private:
    struct connection {
        std::unique_ptr<client> wire;
        clock::time_point due;
        clock::time_point written;
        std::uint64_t first_event = 0;
        std::int64_t occurred_us = 0;
        std::uint64_t read_before = 0;  // bytes, when it was sent
        std::size_t key = 0;
        bool counted = false;
        bool waiting = false;  // for its answer
    };
    using timer = boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                                    boost::asio::io_context::executor_type>;

    void ready(client& which) override;
    void answered(client& which, int status, std::string_view body) override;

    void begin();
    void at(clock::time_point when, timer& by, void (load::*what)());
    void window_begins();
    void window_ends();
    void give_up();
    void finish_when_quiet();
    void finish();
    void release_due();
    void dispatch();
    void send(connection& over, clock::time_point due);
    void write_post(connection& over);
    [[nodiscard]] int wanted(const connection& over) const;
    void count(const connection& over, int status, std::string_view body, clock::time_point now);
    connection& of(const client& which);

    boost::asio::io_context& io_;
    load_plan plan_;
    std::mt19937_64 random_;
    request_maker maker_;
    page_maker pages_;
    std::vector<connection> connections_;
    std::map<const client*, std::size_t> places_;
    std::vector<std::size_t> idle_;
    std::deque<clock::time_point> due_;
    std::unique_ptr<arrivals> schedule_;
    timer pacer_, phase_;
    std::function<void(bool)> at_window_;
    acknowledged tell_;
    load_outcome outcome_;
    clock::time_point window_begin_{}, window_end_{};
    std::size_t in_flight_ = 0;
    std::size_t next_key_ = 0;
    std::uint64_t answered_events_ = 0;
    bool running_ = false;
    bool ended_ = false;
};

}  // namespace nd::bench
