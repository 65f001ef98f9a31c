#include "ingest/session.hpp"

#include "base/log.hpp"
#include "ingest/body_reader.hpp"
#include "ingest/get_page.hpp"
#include "ingest/get_receipt.hpp"
#include "ingest/head_page.hpp"
#include "ingest/post_events.hpp"
#include "ingest/post_page.hpp"
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
    enum class head_end { complete, open, gone, slow, bad, too_large };

    bool wait_for_client();
    head_end take_head(head_parser& parser);
    head_end cut_head();
    base::task<then> serve_request();
    answer simple_answer(const route& found);
    base::task<then> refuse_head(head_end end);
    void write(const answer& what, bool close);  // into out_
    void written();
    answer refuse(const problem& why);

    edge& at_;
    connection& from_;
    request_head head_;
    request_id id_;
    std::string out_;
    std::string_view what_is_bad_;
};

// One frame for the life of a connection; post_events::run is the other that a request needs.
base::task<> session::run() {
    auto next = then::next_request;
    while (next == then::next_request) {
        if (from_.ready().empty()) {
            if (!wait_for_client()) co_return;
            const auto got = co_await from_.more();
            from_.busy();
            if (!from_.came(got)) co_return;
        }
        id_ = at_.ids.next();
        head_parser parser(head_);
        auto end = take_head(parser);
        if (end == head_end::open) from_.allow(at_.times.header);
        while (end == head_end::open) {
            const auto got = co_await from_.more();
            end = from_.came(got) ? take_head(parser) : cut_head();
        }
        if (end == head_end::gone) co_return;
        if (end == head_end::complete) from_.allow_forever();
        auto serving = end == head_end::complete ? serve_request() : refuse_head(end);
        next = co_await std::move(serving);
    }
    if (next == then::close_gently) co_await from_.linger();
}

// Between requests nothing is owed to the client: only here may a drain or the idle limit end the
// connection without a word.
bool session::wait_for_client() {
    from_.wait_idle(at_.times.idle);
    return from_.ended() == ending::none;
}

session::head_end session::take_head(head_parser& parser) {
    std::size_t used = 0;
    const auto state = parser.feed(from_.ready(), used);
    from_.consume(used);
    if (state == head_state::complete) return head_end::complete;
    if (state == head_state::too_large) return head_end::too_large;
    if (state == head_state::need_more) return head_end::open;
    what_is_bad_ = parser.what();
    return head_end::bad;
}

session::head_end session::cut_head() {
    if (from_.ended() == ending::timed_out) return head_end::slow;
    what_is_bad_ = "the request ended before its head did";
    return from_.ready().empty() ? head_end::gone : head_end::bad;
}

base::task<then> session::serve_request() {
    const auto found = find_route(head_.method, head_.target);
    body_reader body(from_, head_, at_.times.body);
    answer made;
    if (found.what == operation::post_events) {
        post_events way(at_, head_, body, id_, found);
        made = co_await way.run();
    } else if (found.what == operation::get_receipt) {
        get_receipt way(at_, head_, id_, found.token);
        made = co_await way.run();
    } else if (found.what == operation::post_page) {
        post_page way(at_, head_, body, id_);
        made = co_await way.run();
    } else if (found.what == operation::head_page) {
        head_page way(at_, head_, id_, found.fingerprint);
        made = co_await way.run();
    } else if (found.what == operation::get_page) {
        get_page way(at_, head_, id_, found.page);
        made = co_await way.run();
    } else {
        made = simple_answer(found);
    }

    const bool go_on = head_.keep_alive && body.skippable() && !at_.connections.draining() &&
                       from_.ended() == ending::none;
    write(made, !go_on);
    const auto unsent = from_.write_now(out_);
    bool sent = unsent.empty();
    if (!sent) {
        from_.allow(at_.times.body);
        sent = co_await from_.write(unsent);
    }
    written();
    if (!sent) co_return then::close;
    if (!go_on) co_return then::close_gently;
    if (body.finished()) co_return then::next_request;
    const bool skipped = co_await body.skip();
    co_return skipped ? then::next_request : then::close;
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
        return refuse({problem_code::not_found,
                       "there is nothing at this address: events go to /v1/events, "
                       "page structures to /v1/schema"});
    std::string name(found.culprit.substr(0, 64));
    std::ranges::replace_if(
        name, [](char c) { return c < 0x21 || c > 0x7e; }, '?');  // it may be any bytes
    return refuse(
        {problem_code::bad_request, fmt::format("{}: `{}` is not understood", found.advice, name)});
}

// The head is all that is known of such a request, and where it ends is not: the connection cannot
// go on.
base::task<then> session::refuse_head(head_end end) {
    problem why{problem_code::bad_request, std::string(what_is_bad_)};
    if (end == head_end::slow)
        why = {problem_code::request_timeout, "the request's head did not arrive in time"};
    if (end == head_end::too_large)
        why = {problem_code::headers_too_large, "the request line and headers are over 16 KiB"};
    write(refuse(why), true);
    from_.allow(at_.times.body);
    const bool sent = co_await from_.write(out_);
    written();
    co_return sent ? then::close_gently : then::close;
}

answer session::refuse(const problem& why) {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

void session::write(const answer& what, bool close) {
    delivery how;
    how.id = id_;
    how.origin = head_.origin.get();
    how.date = at_.date.at(std::time(nullptr));
    how.close = close;
    how.http_1_0 = head_.http_1_0;
    how.head_only = head_.method == verb::head;
    out_.clear();
    write_answer(out_, what, how);
}

void session::written() {
    from_.allow_forever();
    if (out_.capacity() > kept_answer) out_ = {};
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
