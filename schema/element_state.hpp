// An element's state: ARIA's states and a few of its properties, each a boolean or one word of a
// closed list, so that no text fits in. Pure; filled by the page scanner and the record reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace nd::schema {

class element_state {
  public:
    // Takes a member of the request's `state`: its name as ARIA's, with or without `aria-`, in any
    // case; its value as JSON wrote it (`true`, `"mixed"`, `3`). False, and nothing is kept, when
    // the name or the value is not on the list.
    [[nodiscard]] bool set(std::string_view name, std::string_view json_value) noexcept;

    [[nodiscard]] bool empty() const noexcept {
        std::array<std::uint64_t, room / 8> words;  // not initialised: memcpy fills it
        std::memcpy(words.data(), values_.data(), room);
        return (words[0] | words[1] | words[2]) == 0;
    }
    // A heading's, 1 to 9; 0: not given.
    [[nodiscard]] unsigned level() const noexcept;
    // Appends a JSON object: {"checked":"mixed","disabled":true}, in an order of our own.
    void append_json(std::string& to) const;

    friend bool operator==(const element_state&, const element_state&) = default;

  private:
    static constexpr std::size_t known_states = 21;
    static constexpr std::size_t room = 24;    // whole words: most elements have no state, and
                                               // whether they have is asked of each
    std::array<std::uint8_t, room> values_{};  // place in the state's list, from 1
};

}  // namespace nd::schema
