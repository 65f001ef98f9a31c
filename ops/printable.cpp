#include "ops/printable.hpp"

#include "schema/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {

std::string printable(std::string_view text) {
    std::string made;
    while (!text.empty()) {
        const auto length = schema::utf8_character(text);
        const auto byte = static_cast<unsigned char>(text.front());
        const bool plain = length > 1 || (length == 1 && byte >= 0x20 && byte != 0x7f);
        // C1 controls, which some terminals obey, are two bytes: 0xc2 0x80 to 0xc2 0x9f.
        const bool second_set =
            length == 2 && byte == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
        const auto taken = std::max<std::size_t>(length, 1);
        if (plain && !second_set) {
            made += text.substr(0, taken);
        } else {
            for (const auto c : text.substr(0, taken))
                made += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
        text.remove_prefix(taken);
    }
    return made;
}

}  // namespace nd::ops
