#include "ingest/post_events.hpp"

#include "ingest/origin.hpp"
#include "ingest/verdict_reply.hpp"
#include "schema/limits.hpp"

#include <fmt/format.h>

#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

constexpr int retry_busy = 1;         // seconds: a full queue or budget empties quickly
constexpr int retry_unavailable = 5;  // a broker that is away does not come back at once

schema::instant wall_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

problem body_problem(body_end end) {
    switch (end) {
        case body_end::too_large:
            return {problem_code::body_too_large,
                    "the body is over 1 MiB: send fewer events at once, or compress it"};
        case body_end::slow:
            return {problem_code::request_timeout,
                    "the body did not arrive in time: send the request again"};
        case body_end::no_room:
            return {problem_code::busy, "too many bodies are being read at this moment: try again",
                    retry_busy};
        case body_end::bad: return {problem_code::bad_request, "the chunked body is malformed"};
        default:
            return {problem_code::bad_request, "the body ended before its end: send all of it"};
    }
}

problem unpack_problem(unpacked end) {
    const std::string why(to_sentence(end));
    if (end == unpacked::too_large) return {problem_code::body_too_large, why};
    if (end == unpacked::no_room) return {problem_code::busy, why, retry_busy};
    return {problem_code::bad_encoding, why};
}

problem publish_problem(const base::error& why) {
    switch (why.code) {
        case base::errc::busy:
            return {problem_code::busy, "the queue to the event log is full: send the batch again",
                    retry_busy};
        case base::errc::refused:
            return {problem_code::publish_refused,
                    "the event log refuses these events and an operator has to act: sending again "
                    "will not help yet"};
        default:
            return {problem_code::unavailable,
                    "not every event could be stored in time: send the whole batch again, no event "
                    "will be there twice",
                    retry_unavailable};
    }
}

problem over_limit(const admission& decided) {
    return {problem_code::rate_limited,
            fmt::format("{} requests in any {} seconds are allowed: wait as Retry-After says",
                        decided.limit, schema::limit_window_seconds),
            decided.wait_seconds()};
}

}  // namespace

answer post_events::refuse(const problem& why) const {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

base::task<answer> post_events::run() {
    const auto key = co_await known_key();
    if (!key) co_return refuse(key.error());
    if (const auto no = may_use(*key)) co_return refuse(*no);

    const auto place = co_await at_.limits.admit(key->tenant, schema::limit_class::events,
                                                 key->limit(schema::limit_class::events));
    if (!place)
        co_return refuse(
            {problem_code::busy, "the limit cannot be checked now: try again", retry_busy});
    if (!place->admitted) {
        auto refused = refuse(over_limit(*place));
        refused.limit = *place;
        co_return refused;
    }

    auto made = co_await admitted(*key);
    made.limit = *place;
    if (made.status == 503) {
        at_.limits.give_back(*place);
        ++made.limit->remaining;
    }
    co_return made;
}

base::task<key_answer> post_events::known_key() {
    const auto header = head_.key.get();
    if (!header)
        co_return problem{problem_code::missing_key, "send your API key in the X-ND-Key header"};
    if (auto known = at_.keys.resolve_now(*header)) co_return std::move(*known);
    auto found = co_await at_.keys.resolve(*header);
    co_return found;
}

std::optional<problem> post_events::may_use(const key_record& key) const {
    if (auto foreign = origin_refusal(key, head_.origin.get())) return foreign;
    if (key.allows(schema::scope::events)) return std::nullopt;
    return problem{problem_code::scope_missing,
                   "this key lacks the scope `events`: use another key, or have one made with it"};
}

base::task<answer> post_events::admitted(key_record key) {
    if (const auto no = wanted_body()) co_return refuse(*no);
    body_buffer body(at_.budget);
    const auto unread = co_await read_body(body);
    if (unread) co_return refuse(*unread);
    if (const auto no = unpack_body(body)) co_return refuse(*no);
    auto answered = co_await judge_and_publish(std::move(key), std::move(body));
    co_return answered;
}

// What the head already says of the body.
std::optional<problem> post_events::wanted_body() {
    if (!is_json(head_.content_type.get()))
        return problem{problem_code::unsupported_media_type, "send Content-Type: application/json"};
    const auto named = coding_of(head_.content_encoding);
    if (!named)
        return problem{problem_code::unsupported_encoding,
                       "Content-Encoding is one of gzip, zstd and identity, once"};
    coding_ = *named;
    return std::nullopt;
}

base::task<std::optional<problem>> post_events::read_body(body_buffer& into) {
    const auto end = co_await reader_.read(into);
    if (end == body_end::complete) co_return std::nullopt;
    co_return body_problem(end);
}

std::optional<problem> post_events::unpack_body(body_buffer& body) {
    if (coding_ == coding::identity) return std::nullopt;
    body_buffer plain(at_.budget);
    const auto end = at_.unpack.run(coding_, body.view(), plain, schema::max_decompressed);
    if (end != unpacked::ok) return unpack_problem(end);
    body = std::move(plain);
    return std::nullopt;
}

base::task<answer> post_events::judge_and_publish(key_record key, body_buffer body) {
    if (body.size() == 0 && !body.make_room(1))
        co_return refuse(unpack_problem(unpacked::no_room));  // an empty body has no padding yet
    publication_ptr request(new publication(std::move(body), key.tenant, key.environment, id_));
    const auto verdict = at_.scanner.scan(request->body.data(), request->body.size(), wall_now());
    if (!verdict) co_return refuse(verdict.error());
    at_.metrics.rejected(verdict->rejected);
    if (verdict->accepted.empty())
        at_.metrics.refused(problem_code::no_event_accepted);
    else if (validate_only_)
        at_.metrics.validated();
    if (verdict->accepted.empty() || validate_only_)
        co_return verdict_reply(*verdict, validate_only_, id_);
    auto answered = co_await publish(std::move(request), *verdict);
    co_return answered;
}

base::task<answer> post_events::publish(publication_ptr request, schema::batch_verdict verdict) {
    const auto begun = std::chrono::steady_clock::now();
    const auto count = verdict.accepted.size();
    auto good =
        verdict_reply(verdict, false, id_);  // now: while we wait, the scanner serves others
    const auto done = co_await at_.sink.publish(std::move(request), verdict.accepted);
    if (!done) co_return refuse(publish_problem(done.error()));
    at_.metrics.accepted(count, std::chrono::steady_clock::now() - begun);
    co_return good;
}

}  // namespace nd::ingest
