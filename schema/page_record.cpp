#include "schema/page_record.hpp"

#include "schema/byte_words.hpp"

#include <fmt/format.h>

#include <limits>

namespace nd::schema {
namespace {

// What the redactor let through holds no control characters: two marks are all there is to escape,
// and most texts have none of them.
bool has_marks(std::string_view text) {
    return any_byte(text, ' ', [](std::uint64_t word) {
        return bytes::equal(word, '"') | bytes::equal(word, '\\');
    });
}

// Twice a text's size is the most that it needs, and its quotes.
void put_text(byte_writer& to, std::string_view text) {
    to.put('"');
    if (!has_marks(text)) {
        to.put(text);
    } else {
        for (const char c : text) {
            if (c == '"' || c == '\\') to.put('\\');
            to.put(c);
        }
    }
    to.put('"');
}

void put_member(byte_writer& to, std::string_view before, std::string_view text) {
    if (text.empty()) return;
    to.put(before);
    put_text(to, text);
}

void put_element(byte_writer& to, const page_element& element, std::string& state) {
    constexpr std::size_t names_and_numbers = 128;
    state.clear();
    if (!element.state.empty()) element.state.append_json(state);
    to.make_room(names_and_numbers + state.size() +
                 2 * (element.name.size() + element.section.size()));
    if (element.ref > 1) to.put(',');
    to.put(R"({"ref":)");
    to.put_number(element.ref);
    if (element.parent != 0) {
        to.put(R"(,"parent":)");
        to.put_number(element.parent);
    }
    to.put(R"(,"role":")");
    to.put(to_string(element.role));
    to.put('"');
    put_member(to, R"(,"name":)", element.name);
    if (!state.empty()) {
        to.put(R"(,"state":)");
        to.put(state);
    }
    put_member(to, R"(,"section":)", element.section);
    to.put('}');
}

void put_elements(byte_writer& to, const safe_page& page) {
    std::string state;
    to.make_room(1);
    to.put('[');
    for (const auto& element : page.elements()) {
        put_element(to, element, state);
    }
    to.make_room(1);
    to.put(']');
}

constexpr std::size_t usual_element = 128;

base::error no_page(std::string_view code, std::string_view detail) {
    return base::failure(base::errc::data, fmt::format("{}: {}", code, detail));
}

}  // namespace

void write_page_elements(const safe_page& page, std::string& to) {
    byte_writer made(page.elements().size() * usual_element);
    put_elements(made, page);
    to += made.view();
}

void write_page_record(const safe_page& page, byte_writer& to) {
    constexpr std::size_t members_and_time = 128;
    const auto& session = page.session().hex();
    to.make_room(members_and_time + session.size() +
                 2 * (page.page().size() + page.title().size()));
    to.put(R"({"page":)");
    put_text(to, page.page());
    put_member(to, R"(,"title":)", page.title());
    put_member(to, R"(,"captured_at":)", to_string(page.captured_at()));
    put_member(to, R"(,"session_hash":)", session);
    to.put(R"(,"elements":)");
    put_elements(to, page);
    to.make_room(1);
    to.put('}');
}

void write_page_record(const safe_page& page, std::string& to) {
    byte_writer made(page.elements().size() * usual_element);
    write_page_record(page, made);
    to += made.view();
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
