#include "ingest/post_events.hpp"

#include "ingest/gate.hpp"
#include "ingest/verdict_reply.hpp"
#include "ingest/wall_clock.hpp"
#include "schema/limits.hpp"

#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

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

}  // namespace

answer post_events::refuse(const problem& why) const {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

base::task<answer> post_events::run() {
    const auto header = head_.key.get();
    if (!header) co_return refuse(no_key());
    auto key = at_.keys.resolve_now(*header);
    if (!key) key = co_await at_.keys.resolve(*header);
    if (!*key) co_return refuse(key->error());
    if (const auto no = use_refusal(**key, head_.origin.get())) co_return refuse(*no);

    constexpr auto cls = schema::limit_class::events;
    auto place = at_.limits.try_admit((*key)->tenant, cls, (*key)->limit(cls));
    if (!place) {
        const auto asked = co_await at_.limits.admit((*key)->tenant, cls, (*key)->limit(cls));
        if (!asked) co_return refuse(no_limit());
        place = *asked;
    }
    if (!place->admitted) co_return with_place(refuse(over_limit(*place)), at_.limits, *place);

    if (const auto no = wanted_body()) co_return with_place(refuse(*no), at_.limits, *place);
    body_buffer body(at_.budget);
    auto end = reader_.take_ready(body);
    if (!end) end = co_await reader_.read(body);
    if (*end != body_end::complete)
        co_return with_place(refuse(body_problem(*end)), at_.limits, *place);
    if (const auto no = unpack_body(body)) co_return with_place(refuse(*no), at_.limits, *place);
    auto made = judge_and_hand_over(**key, std::move(body));
    if (request_ && request_->has_pending()) co_await request_->all_delivered();
    if (request_) made = delivered(std::move(made));
    co_return with_place(std::move(made), at_.limits, *place);
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

std::optional<problem> post_events::unpack_body(body_buffer& body) {
    if (coding_ == coding::identity) return std::nullopt;
    body_buffer plain(at_.budget);
    const auto end = at_.unpack.run(coding_, body.view(), plain, schema::max_decompressed);
    if (end != unpacked::ok) return unpack_problem(end);
    body = std::move(plain);
    return std::nullopt;
}

// Leaves request_ set when Kafka has something to say before the answer is true.
answer post_events::judge_and_hand_over(const key_record& key, body_buffer body) {
    if (body.size() == 0 && !body.make_room(1))
        return refuse(unpack_problem(unpacked::no_room));  // an empty body has no padding yet
    publication_ptr request(new publication(std::move(body), key.tenant, key.environment, id_));
    const auto verdict = at_.scanner.scan(request->body.data(), request->body.size(), wall_now());
    if (!verdict) return refuse(verdict.error());
    at_.metrics.rejected(verdict->rejected);
    if (verdict->accepted.empty()) {
        at_.metrics.refused(problem_code::no_event_accepted);
        return verdict_reply(*verdict, asked_.validate, id_);
    }
    if (asked_.validate) {
        at_.metrics.validated();
        return verdict_reply(*verdict, asked_.validate, id_);
    }
    request_ = std::move(request);
    request_->counted = asked_.receipt;
    return hand_over(*verdict);
}

answer post_events::hand_over(const schema::batch_verdict& verdict) {
    handed_over_ = std::chrono::steady_clock::now();
    accepted_ = verdict.accepted.size();
    const auto taken = at_.sink.hand_over(*request_, verdict.accepted);
    // Now: the scanner will serve others.
    if (taken) return verdict_reply(verdict, false, id_, receipt_of(*request_));
    request_.reset();
    return refuse(publish_problem(taken.error()));
}

std::string post_events::receipt_of(const publication& request) {
    if (!request.counted) return {};
    const auto id = schema::parse_uuid(id_.view());
    return at_.receipts.sign(schema::make_receipt(request.tenant, *id, accepted_, wall_now()));
}

answer post_events::delivered(answer good) {
    const auto done = at_.sink.outcome_of(*request_);
    if (!done) return refuse(publish_problem(done.error()));
    at_.metrics.accepted(accepted_, std::chrono::steady_clock::now() - handed_over_);
    return good;
}

}  // namespace nd::ingest
