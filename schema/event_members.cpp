#include "schema/event_members.hpp"

#include "schema/event_rules.hpp"
#include "schema/limits.hpp"

#include <fmt/format.h>

#include <array>

namespace nd::schema {
namespace {

enum member : std::uint8_t { event_id, name, occurred_at, session_id, user_id, page, properties };
constexpr std::array<std::string_view, 7> member_names = {
    "event_id", "name", "occurred_at", "session_id", "user_id", "page", "properties"};
constexpr unsigned required_members = 3;  // the first ones

constexpr unsigned bit(member which) {
    return 1u << which;
}
constexpr bool is_required(member which) {
    return which < required_members;
}

// Their lengths tell most of them apart.
std::optional<member> find_member(std::string_view key) {
    const auto if_equal = [key](member which) {
        return key == member_names[which] ? std::optional(which) : std::nullopt;
    };
    switch (key.size()) {
        case 4: return if_equal(key[0] == 'n' ? name : page);
        case 7: return if_equal(user_id);
        case 8: return if_equal(event_id);
        case 10: return if_equal(key[0] == 's' ? session_id : properties);
        case 11: return if_equal(occurred_at);
        default: return std::nullopt;
    }
}

std::string_view sentence_of(event_code code) {
    switch (code) {
        case event_code::nul_character: return "\\u0000 cannot be stored";
        case event_code::lone_surrogate: return "half of a surrogate pair is no character";
        case event_code::number_too_long: return "a number may have 64 characters";
        case event_code::number_out_of_range: return "a number must fit a double (1e-307 to 1e308)";
        case event_code::too_deep: return "an event may nest 32 levels";
        default: return "this cannot be stored";
    }
}

// What the cursor met on its way that is JSON but cannot be stored.
void refuse_noted(json_cursor& cursor, event_draft& draft, std::string_view where) {
    const json_note note = *cursor.take_note();
    draft.refuse(note.code,
                 fmt::format("\"{}\", byte {}: {}", where, note.at, sentence_of(note.code)));
}

bool pass_wrong_type(json_cursor& cursor, event_draft& draft, member which) {
    const std::string_view wanted = which == properties ? "an object" : "a string";
    draft.refuse(event_code::wrong_type, fmt::format("\"{}\" must be {}{}", member_names[which],
                                                     wanted, is_required(which) ? "" : " or null"));
    return cursor.value(1);
}

void keep_text(event_draft& draft, member which, std::string_view text) {
    event_view& view = draft.view;
    switch (which) {
        case event_id: draft.id_text = text; return judge_id(text, draft);
        case name: return judge_name(text, draft);
        case occurred_at: return judge_time(text, draft);
        case session_id:
            view.session_id = text;
            return judge_length(member_names[which], text, max_session_id_bytes, draft);
        case user_id:
            view.user_id = text;
            return judge_length(member_names[which], text, max_user_id_bytes, draft);
        case page:
            view.page = text;
            return judge_length(member_names[which], text, max_page_bytes, draft);
        case properties: return;
    }
}

bool read_text(json_cursor& cursor, event_draft& draft, member which) {
    if (cursor.peek() != '"') return pass_wrong_type(cursor, draft, which);
    std::string_view text;
    if (!cursor.text(text)) return false;
    if (cursor.has_note()) {
        refuse_noted(cursor, draft, member_names[which]);
    } else {
        keep_text(draft, which, text);
    }
    return true;
}

bool read_properties(json_cursor& cursor, event_draft& draft) {
    if (cursor.peek() != '{') return pass_wrong_type(cursor, draft, properties);
    const std::size_t from = cursor.position();
    if (!cursor.value(1)) return false;
    draft.view.properties = cursor.raw(from, cursor.last_end());
    if (cursor.has_note()) refuse_noted(cursor, draft, member_names[properties]);
    return true;
}

bool read_known(json_cursor& cursor, event_draft& draft, member which, unsigned& seen) {
    if (seen & bit(which)) {
        draft.refuse(event_code::repeated_member,
                     fmt::format("\"{}\" stands in this event twice", member_names[which]));
        return cursor.value(1);
    }
    seen |= bit(which);
    if (!is_required(which) && cursor.peek() == 'n') return cursor.null();  // as if absent
    return which == properties ? read_properties(cursor, draft) : read_text(cursor, draft, which);
}

bool read_member(json_cursor& cursor, event_draft& draft, unsigned& seen) {
    cursor.forget_note();  // of a member before, which is refused for it
    std::string_view key;
    if (!cursor.key(key)) return false;
    if (cursor.has_note()) {
        refuse_noted(cursor, draft, "a member's name");
    } else {
        if (const auto which = find_member(key)) return read_known(cursor, draft, *which, seen);
        draft.refuse(event_code::unknown_member,
                     fmt::format("\"{}\" is no member of an event; put it into \"properties\"",
                                 shortened(key)));
    }
    return cursor.value(1);
}

void judge_complete(event_draft& draft, unsigned seen) {
    std::string missing;
    for (unsigned i = 0; i < required_members; ++i) {
        if (seen & 1u << i) continue;
        missing += fmt::format("{}\"{}\"", missing.empty() ? "" : ", ", member_names[i]);
    }
    if (!missing.empty()) {
        draft.refuse(event_code::missing_member, missing + " must be given");
    }
    if (draft.view.raw.size() > max_event_bytes) {
        draft.refuse(event_code::event_too_large,
                     fmt::format("the event has {} bytes; {} are allowed", draft.view.raw.size(),
                                 max_event_bytes));
    }
}

bool read_members(json_cursor& cursor, event_draft& draft, unsigned& seen) {
    if (cursor.take_if('}')) return true;
    do {
        if (!read_member(cursor, draft, seen)) return false;
    } while (cursor.take_if(','));
    return cursor.expect('}', "a comma or the end of the object was expected here");
}

}  // namespace

bool read_event(json_cursor& cursor, event_draft& draft) {
    draft.clear();
    cursor.forget_note();  // of what was refused before
    const std::size_t from = cursor.position();
    if (!cursor.take_if('{')) {
        draft.refuse(event_code::not_an_object, "an event must be an object");
        if (!cursor.value(0)) return false;  // perhaps no token was consumed yet
        draft.view.raw = cursor.raw(from, cursor.last_end());
        return true;
    }
    unsigned seen = 0;
    if (!read_members(cursor, draft, seen)) return false;
    draft.view.raw = cursor.raw(from, cursor.last_end());
    judge_complete(draft, seen);
    return true;
}

}  // namespace nd::schema
