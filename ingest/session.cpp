#include "ingest/session.hpp"

#include "base/log.hpp"
#include "ingest/body_reader.hpp"
#include "ingest/post_events.hpp"
#include "ingest/reply.hpp"
#include "ingest/request_head.hpp"
#include "ingest/route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <string>

namespace nd::ingest {
namespace {

using boost::beast::http::verb;
using schema::problem;
using schema::problem_code;

// A connection that waits keeps no more room than this for its next answer.
constexpr std::size_t kept_answer = 4096;

// What follows an answer.
enum class then { next_request, close, close_gently };

class session {
  public:
    session(edge& at, connection& from) : at_(at), from_(from) {}

    base::task<> run();

  private:
    enum class head_end { complete, gone, slow, bad, too_large };

    base::task<bool> first_byte();
    base::task<head_end> read_head();
    base::task<then> serve_request();
    base::task<answer> answer_route(const route& found, body_reader& body);
    answer simple_answer(const route& found);
    base::task<then> refuse_head(head_end end);
    base::task<bool> send(const answer& what, bool close);
    answer refuse(const problem& why);

    edge& at_;
    connection& from_;
    request_head head_;
    request_id id_;
    std::string out_;
    std::string_view what_is_bad_;
};

base::task<> session::run() {
    auto next = then::next_request;
    while (next == then::next_request) {
        const bool some = co_await first_byte();
        if (!some) co_return;
        id_ = at_.ids.next();
        const auto end = co_await read_head();
        if (end == head_end::gone) co_return;
        auto serving = end == head_end::complete ? serve_request() : refuse_head(end);
        next = co_await std::move(serving);
    }
    if (next == then::close_gently) co_await from_.linger();
}

// Between requests nothing is owed to the client: only here may a drain or the idle limit end the
// connection without a word.
base::task<bool> session::first_byte() {
    if (!from_.ready().empty()) co_return true;
    from_.wait_idle(at_.times.idle);
    if (from_.ended() != ending::none) co_return false;
    const bool some = co_await from_.fill();
    from_.busy();
    co_return some;
}

base::task<session::head_end> session::read_head() {
    head_parser parser(head_);
    from_.allow(at_.times.header);
    while (true) {
        std::size_t used = 0;
        const auto state = parser.feed(from_.ready(), used);
        from_.consume(used);
        if (state == head_state::complete) co_return head_end::complete;
        if (state == head_state::too_large) co_return head_end::too_large;
        if (state == head_state::bad) {
            what_is_bad_ = parser.what();
            co_return head_end::bad;
        }
        const bool more = co_await from_.fill();
        if (more) continue;
        if (from_.ended() == ending::timed_out) co_return head_end::slow;
        what_is_bad_ = "the request ended before its head did";
        co_return from_.ready().empty() ? head_end::gone : head_end::bad;
    }
}

base::task<then> session::serve_request() {
    from_.allow_forever();
    const auto found = find_route(head_.method, head_.target);
    body_reader body(from_, head_, at_.times.body);
    const auto made = co_await answer_route(found, body);

    const bool go_on = head_.keep_alive && body.skippable() && !at_.connections.draining() &&
                       from_.ended() == ending::none;
    const bool sent = co_await send(made, !go_on);
    if (!sent) co_return then::close;
    if (!go_on) co_return then::close_gently;
    if (body.finished()) co_return then::next_request;
    const bool skipped = co_await body.skip();
    co_return skipped ? then::next_request : then::close;
}

base::task<answer> session::answer_route(const route& found, body_reader& body) {
    if (found.what != operation::post_events) co_return simple_answer(found);
    post_events way(at_, head_, body, id_, found.validate);
    auto made = co_await way.run();
    co_return made;
}

answer session::simple_answer(const route& found) {
    if (found.what == operation::preflight) {
        answer made;
        made.status = 204;
        made.allow = found.allow;
        made.preflight = true;
        return made;
    }
    if (found.what == operation::method_not_allowed) {
        auto made = refuse({problem_code::method_not_allowed,
                            fmt::format("this address takes {} only", found.allow)});
        made.allow = found.allow;
        return made;
    }
    if (found.what == operation::not_found)
        return refuse(
            {problem_code::not_found, "there is nothing at this address: events go to /v1/events"});
    std::string name(found.culprit.substr(0, 64));
    std::ranges::replace_if(
        name, [](char c) { return c < 0x21 || c > 0x7e; }, '?');  // it may be any bytes
    return refuse(
        {problem_code::bad_request,
         fmt::format("the only query parameter is validate, 0 or 1: `{}` is not understood",
                     name)});
}

// The head is all that is known of such a request, and where it ends is not: the connection cannot
// go on.
base::task<then> session::refuse_head(head_end end) {
    problem why{problem_code::bad_request, std::string(what_is_bad_)};
    if (end == head_end::slow)
        why = {problem_code::request_timeout, "the request's head did not arrive in time"};
    if (end == head_end::too_large)
        why = {problem_code::headers_too_large, "the request line and headers are over 16 KiB"};
    const auto made = refuse(why);
    const bool sent = co_await send(made, true);
    co_return sent ? then::close_gently : then::close;
}

answer session::refuse(const problem& why) {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

base::task<bool> session::send(const answer& what, bool close) {
    delivery how;
    how.id = id_;
    how.origin = head_.origin.get();
    how.date = at_.date.at(std::time(nullptr));
    how.close = close;
    how.http_1_0 = head_.http_1_0;
    how.head_only = head_.method == verb::head;
    out_.clear();
    write_answer(out_, what, how);
    from_.allow(at_.times.body);
    const bool sent = co_await from_.write(out_);
    from_.allow_forever();
    if (out_.capacity() > kept_answer) out_ = {};
    co_return sent;
}

}  // namespace

base::task<> serve_connection(edge& at, std::unique_ptr<byte_stream> stream) {
    connection from(at.connections, std::move(stream));
    at.metrics.connection(true);
    try {
        from.allow(at.times.header);
        const bool shaken = co_await from.handshake();
        session one(at, from);
        if (shaken) co_await one.run();
    } catch (const std::exception& e) {
        // A bug or no memory: this connection ends, the others go on.
        base::log::error("a session failed", {{"reason", e.what()}});
    }
    at.metrics.connection(false);
}

}  // namespace nd::ingest
