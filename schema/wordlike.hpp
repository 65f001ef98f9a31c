// Whether letters in a row could be words of a language rather than drawn at random: by how many of
// their groups of three are common in the texts of user interfaces. Pure; called by find_token.
#pragma once

#include <cstddef>
#include <string_view>

namespace nd::schema {

struct trigram_count {
    std::size_t all = 0;
    std::size_t common = 0;
};
// `letters`: a-z and A-Z only.
[[nodiscard]] trigram_count count_trigrams(std::string_view letters) noexcept;

}  // namespace nd::schema
