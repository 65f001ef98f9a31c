// What the texts of an event must be: ids, times, lengths. Each function judges one and refuses the
// draft with a sentence that names the member. Called by event_members only.
#pragma once

#include "schema/event_members.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nd::schema {

void judge_id(std::string_view text, event_draft& draft);
void judge_name(std::string_view text, event_draft& draft);
void judge_time(std::string_view text, event_draft& draft);
void judge_length(std::string_view member, std::string_view text, std::size_t most,
                  event_draft& draft);

// A client's text for our sentence: cut to 64 bytes at a character's edge.
[[nodiscard]] std::string shortened(std::string_view text);

}  // namespace nd::schema
