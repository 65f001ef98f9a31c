#include "bench/load.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest_connect{2};

// What is rejected, and a page that is not published again, costs something else than what is
// accepted: such a figure would say nothing.
bool took_all(std::string_view answer) {
    return answer.find("\"rejected\":[{") == std::string_view::npos &&
           answer.find("\"status\":\"known\"") == std::string_view::npos;
}

}  // namespace

double load_outcome::events_per_s() const {
    return seconds > 0 ? static_cast<double>(events) / seconds : 0;
}

std::uint64_t load_outcome::failures() const {
    auto all = rejected + unsent;
    for (const auto& [status, count] : refused)
        all += count;
    return all;
}

load::load(boost::asio::io_context& io, load_plan plan)
    : io_(io),
      plan_(std::move(plan)),
      random_(plan_.seed),
      maker_(plan_.events, plan_.encoded, random_()),
      pages_(plan_.pages, random_()),
      pacer_(io.get_executor()),
      phase_(io.get_executor()) {
    connections_.resize(static_cast<std::size_t>(plan_.connections));
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        connections_[i].wire = client::make(io_, plan_.to, plan_.tls, plan_.host, *this);
        places_[connections_[i].wire.get()] = i;
    }
}

load::~load() = default;

void load::start(std::function<void(bool)> at_window) {
    at_window_ = std::move(at_window);
    for (auto& one : connections_)
        one.wire->connect();
    at(clock::now() + longest_connect, phase_, &load::begin);
}

void load::at(clock::time_point when, timer& by, void (load::*what)()) {
    by.expires_at(when);
    by.async_wait([this, what](const boost::system::error_code& ec) {
        if (!ec) (this->*what)();
    });
}

load::connection& load::of(const client& which) {
    return connections_[places_.at(&which)];
}

void load::begin() {
    if (std::exchange(running_, true)) return;
    const auto now = clock::now();
    window_begin_ = now + plan_.warm_up;
    window_end_ = window_begin_ + plan_.window;
    outcome_.seconds = std::chrono::duration<double>(plan_.window).count();
    at(window_begin_, phase_, &load::window_begins);
    if (plan_.requests_per_s > 0) {
        schedule_ = std::make_unique<arrivals>(plan_.requests_per_s, now, random_);
        at(schedule_->next(), pacer_, &load::release_due);
    } else {
        dispatch();
    }
}

void load::window_begins() {
    if (at_window_) at_window_(true);
    at(window_end_, phase_, &load::window_ends);
}

void load::window_ends() {
    if (at_window_) at_window_(false);
    ended_ = true;
    pacer_.cancel();
    at(clock::now() + plan_.patience, phase_, &load::give_up);
    finish_when_quiet();
}

void load::finish_when_quiet() {
    if (ended_ && in_flight_ == 0 && due_.empty()) finish();
}

// The server has owed answers for too long: they count as never come. What was sent may be a row
// or not, like after a connection that failed.
void load::give_up() {
    for (const auto& one : connections_)
        if (one.waiting) answered(*one.wire, 0, {});
    for (const auto due : due_)
        if (due >= window_begin_ && due < window_end_) ++outcome_.unsent;
    due_.clear();
    finish();
}

void load::finish() {
    phase_.cancel();
    for (auto& one : connections_)
        one.wire->close();
}

// All that has become due since the last look; a late look makes late requests, not fewer.
void load::release_due() {
    const auto now = clock::now();
    while (schedule_->next() <= now) {
        due_.push_back(schedule_->next());
        schedule_->advance();
    }
    dispatch();
    if (!ended_) at(schedule_->next(), pacer_, &load::release_due);
}

void load::dispatch() {
    while (!idle_.empty() && (schedule_ ? !due_.empty() : !ended_)) {
        auto& over = connections_[idle_.back()];
        idle_.pop_back();
        const auto due = schedule_ ? due_.front() : clock::now();
        if (schedule_) due_.pop_front();
        send(over, due);
    }
}

void load::write_post(connection& over) {
    const auto occurred =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    over.occurred_us = occurred.time_since_epoch().count();
    if (plan_.pages.empty())
        over.first_event = maker_.make(over.wire->body(), plan_.events_per_request, occurred);
    else
        pages_.make(over.wire->body());
    auto& head = over.wire->head();
    head.clear();
    fmt::format_to(std::back_inserter(head),
                   "POST {} HTTP/1.1\r\nHost: {}\r\nX-ND-Key: {}\r\n"
                   "Content-Type: application/json\r\n",
                   plan_.pages.empty() ? "/v1/events" : "/v1/schema", plan_.host,
                   plan_.keys[over.key]);
    if (plan_.encoded != encoding::identity)
        fmt::format_to(std::back_inserter(head), "Content-Encoding: {}\r\n",
                       to_string(plan_.encoded));
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n\r\n",
                   over.wire->body().size());
}

int load::wanted(const connection& over) const {
    return plan_.reads.empty() ? 202 : plan_.reads[over.key].wanted();
}

void load::send(connection& over, clock::time_point due) {
    over.due = due;
    over.counted = due >= window_begin_ && due < window_end_;
    const auto place = next_key_++;
    if (plan_.reads.empty()) {
        over.key = plan_.key_offset + place % (plan_.keys.size() - plan_.key_offset);
        write_post(over);
    } else {
        over.key = place % plan_.reads.size();
        write_head(plan_.reads[over.key], plan_.host, over.wire->head());
    }
    over.read_before = over.wire->bytes_read();
    over.written = clock::now();
    if (over.counted) {
        outcome_.lateness.add(over.written - due);
        outcome_.bytes_sent += over.wire->head().size() + over.wire->body().size();
    }
    ++in_flight_;
    over.waiting = true;
    over.wire->send();
}

void load::ready(client& which) {
    idle_.push_back(places_.at(&which));
    if (!running_) {
        if (idle_.size() == connections_.size()) begin();
        return;
    }
    dispatch();
}

void load::answered(client& which, int status, std::string_view body) {
    const auto now = clock::now();
    auto& over = of(which);
    --in_flight_;
    over.waiting = false;
    if (status == wanted(over))
        answered_events_ += static_cast<std::uint64_t>(plan_.events_per_request);
    if (over.counted) count(over, status, body, now);
    if (tell_) tell_({status, over.due, over.first_event, over.occurred_us, over.key});
    finish_when_quiet();
}

void load::count(const connection& over, int status, std::string_view body, clock::time_point now) {
    outcome_.bytes_received += over.wire->bytes_read() - over.read_before;
    if (status != wanted(over)) {
        if (outcome_.first_refusal.empty()) outcome_.first_refusal = body.substr(0, 400);
        ++outcome_.refused[status];
        return;
    }
    if (plan_.reads.empty() && !took_all(body)) {
        if (outcome_.first_refusal.empty()) outcome_.first_refusal = body.substr(0, 400);
        ++outcome_.rejected;
        return;
    }
    const auto events = static_cast<std::uint64_t>(plan_.events_per_request);
    ++outcome_.requests;
    outcome_.events += events;
    outcome_.latency.add(now - over.due);
    const auto second = static_cast<std::size_t>(std::max<std::int64_t>(
        0, std::chrono::duration_cast<seconds>(now - window_begin_).count()));
    if (second >= outcome_.timeline.size()) outcome_.timeline.resize(second + 1);
    outcome_.timeline[second].events += events;
    outcome_.timeline[second].latency.add(now - over.due);
}

}  // namespace nd::bench
