#include "schema/page_record.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace nd::schema {
namespace {

// What the redactor let through holds no control characters: two marks are all there is to escape.
// By hand, because a page is some hundred short texts on the request's way.
void append_text(std::string& to, std::string_view text) {
    to += '"';
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '"' && text[at] != '\\') continue;
        to.append(text, from, at - from);
        to += '\\';
        from = at;
    }
    to.append(text, from);
    to += '"';
}

void append_number(std::string& to, std::uint32_t number) {
    std::array<char, 10> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    to.append(digits.begin(), end);
}

void append_member(std::string& to, std::string_view before, std::string_view text) {
    if (text.empty()) return;
    to += before;
    append_text(to, text);
}

void append_element(std::string& to, const page_element& element) {
    to += R"({"ref":)";
    append_number(to, element.ref);
    if (element.parent != 0) {
        to += R"(,"parent":)";
        append_number(to, element.parent);
    }
    to += R"(,"role":")";
    to += to_string(element.role);
    to += '"';
    append_member(to, R"(,"name":)", element.name);
    if (!element.state.empty()) {
        to += R"(,"state":)";
        element.state.append_json(to);
    }
    append_member(to, R"(,"section":)", element.section);
    to += '}';
}

base::error no_page(std::string_view code, std::string_view detail) {
    return base::failure(base::errc::data, fmt::format("{}: {}", code, detail));
}

}  // namespace

void write_page_elements(const safe_page& page, std::string& to) {
    to += '[';
    for (const auto& element : page.elements()) {
        if (element.ref > 1) to += ',';
        append_element(to, element);
    }
    to += ']';
}

void write_page_record(const safe_page& page, std::string& to) {
    constexpr std::size_t usual_element = 96;
    to.reserve(to.size() + page.elements().size() * usual_element);
    to += R"({"page":)";
    append_text(to, page.page());
    append_member(to, R"(,"title":)", page.title());
    append_member(to, R"(,"captured_at":)", to_string(page.captured_at()));
    append_member(to, R"(,"session_hash":)", page.session().hex());
    to += R"(,"elements":)";
    write_page_elements(page, to);
    to += '}';
}

base::result<safe_page> page_record_reader::read(std::string_view value) {
    padded_.resize(value.size() + page_padding);
    value.copy(padded_.data(), value.size());
    // The edge has judged the time; the reader must not depend on its own clock.
    constexpr instant any_time{std::numeric_limits<std::int64_t>::max() / 2};
    const auto raw = scanner_.scan(padded_.data(), value.size(), any_time);
    if (!raw) return no_page(to_string(raw.error().code), raw.error().detail);
    session_hash session;
    if (!raw->session_hash.empty()) {
        const auto parsed = schema::session_hash::parse(raw->session_hash);
        if (!parsed) return no_page("wrong_page", "\"session_hash\" is no hash of a session");
        session = *parsed;
    }
    if (raw->captured_at == any_time) return no_page("wrong_page", "\"captured_at\" must be given");
    auto page = redactor_.redact(*raw, std::move(session));
    if (!page) return no_page(to_string(page.error().code), page.error().detail);
    return std::move(*page);
}

}  // namespace nd::schema
