#include "ingest/post_page.hpp"

#include "ingest/publish_problem.hpp"
#include "ingest/wall_clock.hpp"
#include "schema/limits.hpp"

#include <fmt/format.h>

#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;

constexpr body_rules rules{schema::max_page_body, "leave out elements that are not in view"};

}  // namespace

post_page::post_page(edge& at, const request_head& head, body_reader& body, const request_id& id)
    : at_(at),
      id_(id),
      entry_(at, head, id_, schema::scope::schema, schema::limit_class::schema),
      body_(at, head, body, rules) {}

answer post_page::refuse(const problem& why) const {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

base::task<answer> post_page::run() {
    if (!entry_.pass_now()) co_await entry_.pass();
    if (!entry_.admitted()) co_return entry_.refusal();
    if (const auto no = body_.unwanted()) co_return entry_.refuse(*no);
    if (!body_.take_now()) co_await body_.read();
    if (const auto no = body_.unpack()) co_return entry_.refuse(*no);
    auto made = judge_and_hand_over();
    if (request_ && request_->has_pending()) co_await request_->all_delivered();
    if (request_) made = delivered();
    auto finished = entry_.finish(std::move(made));
    co_return finished;
}

// Leaves request_ set when Kafka has something to say before the answer is true. Neither the body
// nor the page is kept while it waits.
answer post_page::judge_and_hand_over() {
    const auto page = redacted_page();
    body_.bytes().clear();
    return page ? hand_over(*page) : refuse(page.error());
}

boost::system::result<schema::safe_page, problem> post_page::redacted_page() {
    const auto& bytes = body_.bytes();
    const auto raw = at_.page_scanner.scan(bytes.view().data(), bytes.size(), wall_now());
    if (!raw) return raw.error();
    if (!raw->session_id.empty()) session_ = at_.sessions(entry_.key().tenant, raw->session_id);
    auto page = at_.redactor.redact(*raw, session_);
    if (page) at_.metrics.redacted(at_.redactor.counts());
    return page;
}

// A structure that is known still counts the session that saw it, so only the same page in the same
// session is not sent again.
answer post_page::hand_over(const schema::safe_page& page) {
    const auto& key = entry_.key();
    fingerprint_ = schema::fingerprint_of(key.tenant, page);
    handed_over_ = std::chrono::steady_clock::now();
    if (at_.published.has(key.tenant, fingerprint_, session_, handed_over_)) {
        at_.metrics.page_known();
        return accepted("known");
    }
    request_.reset(new publication(body_buffer(at_.budget), key.tenant, key.environment, id_));
    const auto taken = at_.sink.hand_over(*request_, page, fingerprint_);
    if (taken) return {};
    request_.reset();
    return refuse(publish_problem(taken.error()));
}

answer post_page::delivered() {
    const auto done = at_.sink.outcome_of(*request_);
    if (!done) return refuse(publish_problem(done.error()));
    const auto now = std::chrono::steady_clock::now();
    at_.published.add(entry_.key().tenant, fingerprint_, session_, now);
    at_.metrics.page_accepted(now - handed_over_);
    return accepted("queued");
}

answer post_page::accepted(std::string_view status) {
    answer made;
    made.status = 202;
    made.content_type = "application/json";
    made.body = fmt::format(R"({{"request_id":"{}","fingerprint":"{}","status":"{}"}})", id_.view(),
                            to_string(fingerprint_), status);
    return made;
}

}  // namespace nd::ingest
