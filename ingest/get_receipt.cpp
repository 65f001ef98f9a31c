#include "ingest/get_receipt.hpp"

#include "ingest/gate.hpp"
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

answer get_receipt::refuse(const problem& why) const {
    at_.metrics.refused(why.code);
    return refusal(why, id_);
}

base::task<answer> get_receipt::run() {
    const auto header = head_.key.get();
    if (!header) co_return refuse(no_key());
    auto key = at_.keys.resolve_now(*header);
    if (!key) key = co_await at_.keys.resolve(*header);
    if (!*key) co_return refuse(key->error());
    if (const auto no = use_refusal(**key, head_.origin.get())) co_return refuse(*no);

    constexpr auto cls = schema::limit_class::read;
    const auto& tenant = (*key)->tenant;
    auto place = at_.limits.try_admit(tenant, cls, (*key)->limit(cls));
    if (!place) {
        const auto asked = co_await at_.limits.admit(tenant, cls, (*key)->limit(cls));
        if (!asked) co_return refuse(no_limit());
        place = *asked;
    }
    if (!place->admitted) co_return with_place(refuse(over_limit(*place)), at_.limits, *place);

    const auto receipt = at_.receipts.open(token_);
    if (!receipt || receipt->tenant != tenant)
        co_return with_place(refuse(no_receipt()), at_.limits, *place);
    if (receipt->expires_at <= wall_now())
        co_return with_place(refuse(expired(*receipt)), at_.limits, *place);
    auto looking = at_.desk.look_up(*receipt);
    const auto counts = co_await std::move(looking);
    auto made = counts ? counted(*receipt, *counts) : refuse(cannot_look_up(counts.error()));
    co_return with_place(std::move(made), at_.limits, *place);
}

}  // namespace nd::ingest
