#include "schema/page_members.hpp"

#include "schema/byte_words.hpp"
#include "schema/limits.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace nd::schema {
namespace {

// What is being read, for the sentences: the page, or one of its elements.
std::string place_of(const page_draft& draft, bool in_element) {
    return in_element ? fmt::format("element {}: ", draft.elements.size() - 1) : std::string();
}

void refuse(page_draft& draft, bool in_element, std::string_view member, std::string_view why) {
    draft.refuse(problem_code::wrong_page,
                 fmt::format("{}\"{}\" {}", place_of(draft, in_element), member, why));
}

// A string or null.
bool read_text(json_cursor& cursor, page_draft& draft, bool in_element, std::string_view member,
               std::string_view& into) {
    if (cursor.peek() == 'n') return cursor.null();
    if (cursor.peek() != '"') {
        refuse(draft, in_element, member, "must be a string or null");
        return cursor.value(1);
    }
    if (!cursor.text(into)) return false;
    if (cursor.has_note())
        refuse(draft, in_element, member, "holds \\u0000 or half of a surrogate pair");
    return true;
}

void judge_length(page_draft& draft, std::string_view member, std::string_view text,
                  std::size_t most) {
    if (text.size() <= most) return;
    refuse(draft, false, member, fmt::format("has {} bytes; {} are allowed", text.size(), most));
}

bool read_time(json_cursor& cursor, page_draft& draft) {
    std::string_view text;
    const bool given = cursor.peek() != 'n';
    if (!read_text(cursor, draft, false, "captured_at", text)) return false;
    if (!given || draft.fault) return true;
    const time_verdict verdict = parse_instant(text);
    draft.page.captured_at = verdict.at;
    draft.has_time = verdict.fault == time_fault::none;
    if (!draft.has_time) refuse(draft, false, "captured_at", to_sentence(verdict.fault));
    return true;
}

// A whole number, or null for 0.
bool read_number(json_cursor& cursor, page_draft& draft, std::string_view member,
                 std::uint32_t& into) {
    if (cursor.take_small_number(into)) return true;
    if (cursor.peek() == 'n') return cursor.null();
    const std::size_t from = cursor.position();
    if (!cursor.value(2)) return false;
    const auto text = cursor.raw(from, cursor.last_end());
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, into);
    if (ec != std::errc() || stop != end) {
        into = 0;
        refuse(draft, true, member, "must be a whole number, 0 to 4294967295");
    }
    return true;
}

bool read_state_member(json_cursor& cursor, element_state& into) {
    std::string_view name;
    if (!cursor.key(name)) return false;
    const std::size_t from = cursor.position();
    if (!cursor.value(3)) return false;
    // What is not on the list is dropped, as every unknown member is.
    static_cast<void>(into.set(name, cursor.raw(from, cursor.last_end())));
    cursor.forget_note();
    return true;
}

bool read_state(json_cursor& cursor, page_draft& draft, element_state& into) {
    if (cursor.peek() == 'n') return cursor.null();
    if (!cursor.take_if('{')) {
        refuse(draft, true, "state", "must be an object or null");
        return cursor.value(2);
    }
    if (cursor.take_if('}')) return true;
    do {
        if (!read_state_member(cursor, into)) return false;
    } while (cursor.take_if(','));
    return cursor.expect('}', "a comma or the end of the object was expected here");
}

// A set of the members met; true when this one was there already.
bool is_repeated(page_draft& draft, bool in_element, std::string_view member, unsigned bit,
                 unsigned& seen) {
    const bool twice = (seen & 1u << bit) != 0;
    seen |= 1u << bit;
    if (twice) refuse(draft, in_element, member, "stands there twice");
    return twice;
}

enum element_member : std::uint8_t { ref, role, name, parent, state, section };
constexpr std::array<std::string_view, 6> element_members = {"ref",    "role",  "name",
                                                             "parent", "state", "section"};

// Their lengths tell most of them apart.
std::optional<element_member> find_element_member(std::string_view key) {
    const auto if_equal = [key](element_member which) {
        return same_text(key, element_members[which]) ? std::optional(which) : std::nullopt;
    };
    switch (key.size()) {
        case 3: return if_equal(ref);
        case 4: return if_equal(key[0] == 'r' ? role : name);
        case 5: return if_equal(state);
        case 6: return if_equal(parent);
        case 7: return if_equal(section);
        default: return std::nullopt;
    }
}

bool read_element_member(json_cursor& cursor, page_draft& draft, raw_element& into,
                         unsigned& seen) {
    std::string_view key;
    if (!cursor.key(key)) return false;
    const auto which = find_element_member(key);
    if (!which) {
        const bool json = cursor.value(2);
        cursor.forget_note();
        return json;
    }
    const auto member = element_members[*which];
    if (is_repeated(draft, true, member, *which, seen)) return cursor.value(2);
    switch (*which) {
        case ref: return read_number(cursor, draft, member, into.ref);
        case role: return read_text(cursor, draft, true, member, into.role);
        case name: return read_text(cursor, draft, true, member, into.name);
        case parent: return read_number(cursor, draft, member, into.parent);
        case state: return read_state(cursor, draft, into.state);
        case section: return read_text(cursor, draft, true, member, into.section);
    }
    return false;
}

bool read_element(json_cursor& cursor, page_draft& draft) {
    raw_element& made = draft.elements.emplace_back();
    if (!cursor.take_if('{')) {
        draft.refuse(problem_code::wrong_page, place_of(draft, true) + "must be an object");
        if (!cursor.value(1)) return false;
    } else if (!cursor.take_if('}')) {
        unsigned seen = 0;
        do {
            if (!read_element_member(cursor, draft, made, seen)) return false;
        } while (cursor.take_if(','));
        if (!cursor.expect('}', "a comma or the end of the object was expected here")) return false;
    }
    if (made.ref == 0) refuse(draft, true, "ref", "must be given, a whole number from 1");
    return true;
}

bool read_elements(json_cursor& cursor, page_draft& draft) {
    if (!cursor.take_if('[')) {
        refuse(draft, false, "elements", "must be an array");
        return cursor.value(1);
    }
    if (cursor.take_if(']')) return true;
    do {
        if (draft.elements.size() == max_page_elements) {
            draft.fault = problem{problem_code::too_many_elements,
                                  fmt::format("a page may have {} elements: leave out what is not "
                                              "in view",
                                              max_page_elements)};
            return false;
        }
        if (!read_element(cursor, draft)) return false;
    } while (cursor.take_if(','));
    return cursor.expect(']', "a comma or the end of the array was expected here");
}

constexpr std::array<std::string_view, 6> page_members = {
    "page", "title", "captured_at", "session_id", "session_hash", "elements"};
constexpr unsigned required_members = 1u << 0 | 1u << 5;

bool read_known(json_cursor& cursor, page_draft& draft, unsigned which) {
    raw_page& page = draft.page;
    const auto member = page_members[which];
    switch (which) {
        case 0: {
            if (!read_text(cursor, draft, false, member, page.page)) return false;
            judge_length(draft, member, page.page, max_page_bytes);
            return true;
        }
        case 1: return read_text(cursor, draft, false, member, page.title);
        case 2: return read_time(cursor, draft);
        case 3: {
            if (!read_text(cursor, draft, false, member, page.session_id)) return false;
            judge_length(draft, member, page.session_id, max_session_id_bytes);
            return true;
        }
        case 4: return read_text(cursor, draft, false, member, page.session_hash);
        default: return read_elements(cursor, draft);
    }
}

bool read_page_member(json_cursor& cursor, page_draft& draft, unsigned& seen) {
    std::string_view key;
    if (!cursor.key(key)) return false;
    for (unsigned i = 0; i < page_members.size(); ++i) {
        if (key != page_members[i]) continue;
        cursor.forget_note();
        if (is_repeated(draft, false, page_members[i], i, seen)) return cursor.value(1);
        return read_known(cursor, draft, i);
    }
    const bool json = cursor.value(1);
    cursor.forget_note();
    return json;
}

}  // namespace

void page_draft::clear() {
    page = {};
    elements.clear();
    has_time = false;
    fault.reset();
}

bool read_page(json_cursor& cursor, page_draft& draft) {
    draft.clear();
    cursor.forget_note();
    if (!cursor.take_if('{')) {
        draft.refuse(problem_code::wrong_page, "the body must be an object with \"elements\"");
        return cursor.value(0);
    }
    unsigned seen = 0;
    if (!cursor.take_if('}')) {
        do {
            if (!read_page_member(cursor, draft, seen)) return false;
        } while (cursor.take_if(','));
        if (!cursor.expect('}', "a comma or the end of the object was expected here")) return false;
    }
    if ((seen & required_members) != required_members)
        draft.refuse(problem_code::wrong_page, "\"page\" and \"elements\" must be given");
    if (draft.page.page.empty()) refuse(draft, false, "page", "must not be empty");
    if (draft.elements.empty())
        draft.refuse(problem_code::empty_page, "\"elements\" must hold an element");
    return true;
}

}  // namespace nd::schema
