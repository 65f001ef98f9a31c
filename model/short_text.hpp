// A text for one line of a request or an answer: without control characters, and not longer than it
// may be. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nd::model {

// At most so many bytes, cut between two characters; control characters become blanks.
[[nodiscard]] inline std::string short_text(std::string_view text, std::size_t most) {
    if (text.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U)
            --most;
        text = text.substr(0, most);
    }
    std::string made(text);
    for (auto& c : made)
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
    return made;
}

}  // namespace nd::model
