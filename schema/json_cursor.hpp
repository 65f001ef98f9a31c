// Walks the tokens of a JSON text, judging every byte of it by RFC 8259. Called by the scanners,
// which take what they know (members, elements) and pass over the rest with value(): passing over
// validates just the same.
//
// Two kinds of trouble: what makes the text no JSON ends the walk (functions return false, see
// error()); what is JSON but cannot be stored is noted, and the walk goes on.
#pragma once

#include "schema/event.hpp"
#include "schema/json_tokens.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace nd::schema {

struct json_error {
    std::size_t at = 0;
    const char* what = "";
};

struct json_note {
    event_code code = event_code::wrong_type;
    std::size_t at = 0;
};

class json_cursor {
  public:
    // As json_tokens::index(). Other outcomes than `indexed` leave nothing to walk.
    [[nodiscard]] json_tokens::outcome start(const char* text, std::size_t size);

    // The next token's first character; '\0' at the end (a NUL is no token's start).
    [[nodiscard]] char peek() const noexcept { return char_at(next_); }
    [[nodiscard]] std::size_t position() const noexcept { return *next_; }

    [[nodiscard]] bool take_if(char mark) noexcept {
        if (peek() != mark) return false;
        ++next_;
        return true;
    }
    [[nodiscard]] bool expect(char mark, const char* what) noexcept {
        return take_if(mark) || fail(position(), what);
    }

    // A string, unescaped; peek() must have shown its quote. The view lives until the next start().
    // If it holds what has no UTF-8 or is a NUL, that is noted and the view is empty.
    [[nodiscard]] bool text(std::string_view& out) {
        const std::string_view quoted = text_of(next_);
        out = quoted.substr(1, quoted.size() - 2);
        if (backslash_ < next_[1] && !unescape_text(next_, out)) return false;
        ++next_;
        return true;
    }
    [[nodiscard]] bool null();
    // A whole number of up to nine digits. False, and nothing is consumed, when it is anything
    // else, which may still be a number.
    [[nodiscard]] bool take_small_number(std::uint32_t& out) noexcept {
        constexpr std::size_t most_digits = 9;
        const std::string_view text = next_ != end_ ? text_of(next_) : std::string_view();
        if (text.empty() || text.size() > most_digits || (text[0] == '0' && text.size() > 1))
            return false;
        std::uint32_t number = 0;
        for (const char c : text) {
            const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
            if (digit > 9) return false;
            number = number * 10 + digit;
        }
        out = number;
        ++next_;
        return true;
    }
    // A member's name and its colon.
    [[nodiscard]] bool key(std::string_view& out) {
        if (peek() != '"') return fail(position(), "a member's name was expected here");
        return text(out) && expect(':', "a colon was expected here");
    }
    // Any value; `level` containers of the event are open around it.
    [[nodiscard]] bool value(unsigned level);
    // Nothing follows.
    [[nodiscard]] bool end() noexcept;

    // Where the last consumed token ends; there must have been one.
    [[nodiscard]] std::size_t last_end() const noexcept {
        return next_[-1] + text_of(next_ - 1).size();
    }

    // The first note since it was taken or forgotten.
    [[nodiscard]] bool has_note() const noexcept { return note_.has_value(); }
    [[nodiscard]] std::optional<json_note> take_note() noexcept;
    void forget_note() noexcept { note_.reset(); }

    [[nodiscard]] const json_error& error() const noexcept { return error_; }
    [[nodiscard]] std::string_view raw(std::size_t from, std::size_t to) const noexcept {
        return {text_ + from, to - from};
    }

  private:
    class containers;
    using token = const std::uint32_t*;  // where a token starts

    [[nodiscard]] char char_at(token at) const noexcept { return at != end_ ? text_[*at] : '\0'; }
    // A token reaches up to the next one, except for the whitespace between: anything that does not
    // belong is still in it to be refused.
    [[nodiscard]] std::string_view text_of(token at) const noexcept {
        std::size_t to = at[1];
        while (is_space(text_[to - 1]))
            --to;  // stops at the token's own first byte
        return raw(*at, to);
    }
    [[nodiscard]] static bool is_space(char c) noexcept {
        return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
    }

    // Each judges what is there and returns the token after it, nullptr if this is no JSON.
    [[nodiscard]] token pass_value_start(token at, containers& open, unsigned level);
    [[nodiscard]] token pass_value_end(token at, containers& open);
    [[nodiscard]] token pass_key(token at);
    [[nodiscard]] token pass_string(token at);
    [[nodiscard]] token pass_scalar(token at);

    [[nodiscard]] bool unescape_text(token at, std::string_view& text);
    void find_backslash(std::size_t from) noexcept;
    void note(event_code code, std::size_t at) noexcept;
    bool fail(std::size_t at, const char* what) noexcept;

    json_tokens tokens_;
    const char* text_ = nullptr;
    std::size_t size_ = 0;
    token next_ = nullptr;
    token end_ = nullptr;
    std::size_t backslash_ = 0;  // the first one at or after the current token
    std::optional<json_note> note_;
    json_error error_;

    // Unescaped texts, made when the first one is met; no text grows by unescaping, so size_ bytes
    // always suffice and views into it stay.
    std::unique_ptr<char[]> texts_;
    std::size_t texts_capacity_ = 0;
    std::size_t texts_used_ = 0;
};

}  // namespace nd::schema
