#include "ingest/get_page.hpp"

#include "ingest/page_query.hpp"
#include "schema/limits.hpp"
#include "schema/redact_path.hpp"
#include "schema/utf8.hpp"

#include <chrono>
#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

problem no_page() {
    return {problem_code::not_found, "the tenant has no such page: GET /v1/schema lists its pages"};
}

problem no_text() {
    return {problem_code::bad_request, "page: percent-encoded UTF-8 of 1 to 2,048 bytes"};
}

problem cannot_look_up(const base::error& why) {
    if (why.code == base::errc::busy)
        return {problem_code::busy, "too many pages are being looked up: try again", retry_busy};
    return {problem_code::pages_unavailable,
            "pages cannot be looked up at the moment; send the same request again later.",
            retry_unavailable};
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool unescape(std::string_view from, std::string& to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (from[i] != '%') {
            to += from[i];
            continue;
        }
        if (from.size() - i < 3) return false;
        const int high = hex_digit(from[i + 1]);
        const int low = hex_digit(from[i + 2]);
        if (high < 0 || low < 0) return false;
        to += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const auto length = schema::utf8_character(text);
        if (length == 0 || static_cast<unsigned char>(text.front()) < ' ') return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace

std::optional<std::string> route_in(std::string_view parameter) {
    std::string text;
    if (!unescape(parameter, text) || text.empty() || text.size() > schema::max_page_bytes ||
        !is_plain_text(text))
        return std::nullopt;
    schema::redaction_counts counts;
    return schema::redact_path(text, counts);
}

bool names_etag(std::string_view header, std::string_view etag) {
    while (!header.empty()) {
        auto one = header.substr(0, header.find(','));
        header.remove_prefix(one.size() + (one.size() < header.size() ? 1 : 0));
        one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
        one = one.substr(0, one.find_last_not_of(" \t") + 1);
        if (one == "*") return true;
        if (one.starts_with("W/")) one.remove_prefix(2);  // a weak comparison (RFC 9110 13.1.2)
        if (one == etag) return true;
    }
    return false;
}

answer get_page::show(const page_cache::entry& what, ingest_metrics::page_source from) {
    at_.metrics.page_read(from);
    if (what->body.empty()) return entry_.refuse(no_page());
    answer made;
    made.etag = what->etag;
    if (names_etag(head_.if_none_match, what->etag)) {
        made.status = 304;
        return entry_.finish(std::move(made));
    }
    made.content_type = "application/json";
    made.body = what->body;
    return entry_.finish(std::move(made));
}

base::task<answer> get_page::run() {
    using source = ingest_metrics::page_source;
    if (!entry_.pass_now()) co_await entry_.pass();
    if (!entry_.admitted()) co_return entry_.refusal();
    std::string page;
    if (page_) {
        auto route = route_in(*page_);
        if (!route) co_return entry_.refuse(no_text());
        page = std::move(*route);
    }
    const auto& tenant = entry_.key().tenant;
    const auto known = at_.shown.find(tenant, page, std::chrono::steady_clock::now());
    if (known && !known->ask) co_return show(known->what, source::memory);
    auto looking = look_up_page(at_.desk, tenant, page);
    auto body = co_await std::move(looking);
    if (!body && known) co_return show(known->what, source::stale);
    if (!body) co_return entry_.refuse(cannot_look_up(body.error()));
    const auto made = std::make_shared<const shown_page>(make_shown_page(std::move(*body)));
    at_.shown.put(tenant, page, made, std::chrono::steady_clock::now());
    co_return show(made, source::postgres);
}

}  // namespace nd::ingest
