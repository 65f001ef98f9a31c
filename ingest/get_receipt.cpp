#include "ingest/get_receipt.hpp"

#include "ingest/receipt_query.hpp"
#include "ingest/wall_clock.hpp"

#include <fmt/format.h>

#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

problem no_receipt() {
    return {problem_code::receipt_refused,
            "this is no receipt of this key's tenant: send the token exactly as the 202 gave it"};
}

problem expired(const schema::receipt& what) {
    return {problem_code::receipt_expired,
            fmt::format("the receipt was good until {}", to_string(what.expires_at))};
}

problem cannot_look_up(const base::error& why) {
    if (why.code == base::errc::busy)
        return {problem_code::busy, "too many receipts are being looked up: try again", retry_busy};
    return {problem_code::receipts_unavailable,
            "receipts cannot be looked up at the moment; send the same request again later.",
            retry_unavailable};
}

answer counted(const schema::receipt& what, const receipt_counts& counts) {
    answer made;
    made.content_type = "application/json";
    made.body = fmt::format(
        R"({{"request_id":"{}","accepted":{},"stored":{},"pending":{},"dead":{},"erased":{},)"
        R"("issued_at":"{}","expires_at":"{}"}})",
        to_string(what.request), what.accepted, counts.stored, counts.pending(what.accepted),
        counts.dead, counts.erased, to_string(what.issued_at), to_string(what.expires_at));
    return made;
}

}  // namespace

base::task<answer> get_receipt::run() {
    if (!entry_.pass_now()) co_await entry_.pass();
    if (!entry_.admitted()) co_return entry_.refusal();
    const auto receipt = at_.receipts.open(token_);
    if (!receipt || receipt->tenant != entry_.key().tenant) co_return entry_.refuse(no_receipt());
    if (receipt->expires_at <= wall_now()) co_return entry_.refuse(expired(*receipt));
    auto looking = count_receipt(at_.desk, *receipt);
    const auto counts = co_await std::move(looking);
    if (!counts) co_return entry_.refuse(cannot_look_up(counts.error()));
    co_return entry_.finish(counted(*receipt, *counts));
}

}  // namespace nd::ingest
