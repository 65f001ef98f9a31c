#include "ingest/post_events.hpp"

#include "ingest/publish_problem.hpp"
#include "ingest/verdict_reply.hpp"
#include "ingest/wall_clock.hpp"
#include "schema/limits.hpp"

#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

constexpr body_rules rules{schema::max_decompressed, "send fewer events at once, or compress it"};

}  // namespace

post_events::post_events(edge& at, const request_head& head, body_reader& body,
                         const request_id& id, const route& asked)
    : at_(at),
      id_(id),
      asked_(asked),
      entry_(at, head, id_, schema::scope::events, schema::limit_class::events),
      body_(at, head, body, rules) {}

answer post_events::refuse(const problem& why) const {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

base::task<answer> post_events::run() {
    if (!entry_.pass_now()) co_await entry_.pass();
    if (!entry_.admitted()) co_return entry_.refusal();
    if (const auto no = body_.unwanted()) co_return entry_.refuse(*no);
    if (!body_.take_now()) co_await body_.read();
    if (const auto no = body_.unpack()) co_return entry_.refuse(*no);
    auto made = judge_and_hand_over();
    if (request_ && request_->has_pending()) co_await request_->all_delivered();
    if (request_) made = delivered(std::move(made));
    auto finished = entry_.finish(std::move(made));
    co_return finished;
}

// Leaves request_ set when Kafka has something to say before the answer is true.
answer post_events::judge_and_hand_over() {
    const auto& key = entry_.key();
    publication_ptr request(
        new publication(std::move(body_.bytes()), key.tenant, key.environment, id_));
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
