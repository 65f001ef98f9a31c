#include "schema/event_rules.hpp"

#include "schema/limits.hpp"

#include <fmt/format.h>

namespace nd::schema {

std::string shortened(std::string_view text) {
    constexpr std::size_t most = 64;
    if (text.size() <= most) return std::string(text);
    std::size_t cut = most;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80)
        --cut;
    return std::string(text.substr(0, cut)) + "...";
}

void judge_id(std::string_view text, event_draft& draft) {
    if (const auto id = parse_uuid(text)) {
        draft.view.id = {*id};
    } else {
        draft.refuse(event_code::invalid_uuid,
                     "\"event_id\" must be a UUID such as 018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f");
    }
}

void judge_name(std::string_view text, event_draft& draft) {
    if (text.empty()) draft.refuse(event_code::empty_text, "\"name\" must not be empty");
    draft.view.name = text;
    judge_length("name", text, max_name_bytes, draft);
}

void judge_time(std::string_view text, event_draft& draft) {
    const time_verdict verdict = parse_instant(text);
    draft.view.occurred_at = verdict.at;
    if (verdict.fault == time_fault::none) return;
    const bool range = verdict.fault == time_fault::range;
    draft.refuse(range ? event_code::time_out_of_range : event_code::invalid_time,
                 fmt::format("\"occurred_at\" {}", to_sentence(verdict.fault)));
}

void judge_length(std::string_view member, std::string_view text, std::size_t most,
                  event_draft& draft) {
    if (text.size() <= most) return;
    draft.refuse(event_code::too_long,
                 fmt::format("\"{}\" has {} bytes; {} are allowed", member, text.size(), most));
}

}  // namespace nd::schema
