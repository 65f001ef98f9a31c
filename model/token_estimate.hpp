// How many tokens a text may be, without the service's tokenizer: rather too many than too few, for
// budgets before a call. What a call really used comes with its answer. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace nd::model {

// A token for three ASCII characters (it is about four in prose, and fewer in JSON), and for every
// two bytes of anything else.
[[nodiscard]] inline std::int64_t estimate_tokens(std::string_view text) noexcept {
    const auto wide = std::count_if(text.begin(), text.end(),
                                    [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    const auto ascii = static_cast<std::int64_t>(text.size()) - wide;
    return (ascii + 2) / 3 + (wide + 1) / 2;
}

}  // namespace nd::model
