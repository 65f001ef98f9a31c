#include "ingest/head_page.hpp"

#include "ingest/page_query.hpp"

#include <chrono>
#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

problem unknown() {
    return {problem_code::not_found, "no page has this fingerprint: send the structure"};
}

problem cannot_look_up(const base::error& why) {
    if (why.code == base::errc::busy)
        return {problem_code::busy, "too many pages are being looked up: try again", retry_busy};
    return {problem_code::pages_unavailable,
            "pages cannot be looked up at the moment: send the structure instead",
            retry_unavailable};
}

answer known() {
    answer made;
    made.status = 204;
    return made;
}

}  // namespace

base::task<answer> head_page::run() {
    if (!entry_.pass_now()) co_await entry_.pass();
    if (!entry_.admitted()) co_return entry_.refusal();
    const auto page = schema::parse_page_fingerprint(fingerprint_);
    if (!page) co_return entry_.refuse(unknown());
    const auto& tenant = entry_.key().tenant;
    if (at_.published.has(tenant, *page, std::chrono::steady_clock::now()))
        co_return entry_.finish(known());
    auto looking = knows_page(at_.desk, tenant, *page);
    const auto found = co_await std::move(looking);
    if (!found) co_return entry_.refuse(cannot_look_up(found.error()));
    if (!*found) co_return entry_.refuse(unknown());
    co_return entry_.finish(known());
}

}  // namespace nd::ingest
