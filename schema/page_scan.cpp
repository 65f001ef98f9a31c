#include "schema/page_scan.hpp"

#include "schema/limits.hpp"
#include "schema/page_members.hpp"
#include "schema/utf8.hpp"

#include <fmt/format.h>

namespace nd::schema {
namespace {

problem not_json(std::size_t at, std::string_view what) {
    return {problem_code::not_json, fmt::format("the body is not JSON: byte {}: {}", at, what)};
}

std::size_t first_bad_byte(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = utf8_character(text.substr(at));
        if (length == 0) break;
        at += length;
    }
    return at;
}

// Elements that a rare large page needed are given back after it.
constexpr std::size_t kept_elements = 1024;

}  // namespace

struct page_scanner::inside {
    json_cursor cursor;
    page_draft draft;
};

page_scanner::page_scanner() : inside_(std::make_unique<inside>()) {}
page_scanner::~page_scanner() = default;
page_scanner::page_scanner(page_scanner&&) noexcept = default;
page_scanner& page_scanner::operator=(page_scanner&&) noexcept = default;

boost::system::result<raw_page, problem> page_scanner::scan(const char* body, std::size_t size,
                                                            instant now) {
    auto& [cursor, draft] = *inside_;
    const std::string_view text(body, size);
    switch (cursor.start(body, size)) {
        case json_tokens::outcome::indexed: break;
        case json_tokens::outcome::empty: return not_json(0, "the body is empty");
        case json_tokens::outcome::not_utf8:
            return not_json(first_bad_byte(text), "this is not UTF-8");
        case json_tokens::outcome::broken_string: {
            const auto place = find_broken_string(text);
            return not_json(place.at, place.what);
        }
    }
    if (draft.elements.capacity() > kept_elements) draft.elements = {};
    const bool json = read_page(cursor, draft) && cursor.end();
    if (!json && draft.fault && draft.fault->code == problem_code::too_many_elements)
        return *std::move(draft.fault);
    if (!json) return not_json(cursor.error().at, cursor.error().what);
    if (draft.fault) return *std::move(draft.fault);
    if (!draft.has_time) draft.page.captured_at = now;
    if (draft.page.captured_at.us > now.us + max_future_us)
        return problem{problem_code::wrong_page,
                       "\"captured_at\" is more than 24 hours ahead of the server's clock"};
    draft.page.elements = draft.elements;
    return draft.page;
}

}  // namespace nd::schema
