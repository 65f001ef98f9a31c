#include "schema/json_cursor.hpp"

#include "schema/json_number.hpp"
#include "schema/json_text.hpp"
#include "schema/limits.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace nd::schema {
namespace {

constexpr std::size_t texts_kept = 1u << 20;

}  // namespace

// The open containers around a value. Depth costs a byte or a bit each, never a stack frame: an
// event that is far too deep is refused like one that is a little too deep, and the others beside
// it stay.
class json_cursor::containers {
  public:
    [[nodiscard]] unsigned depth() const noexcept { return depth_; }
    void push(bool object) {
        if (depth_ < usual)
            is_object_[depth_] = object;
        else
            deeper_.push_back(object);
        ++depth_;
    }
    void pop() noexcept {
        if (--depth_ >= usual) deeper_.pop_back();
    }
    [[nodiscard]] bool in_object() const noexcept {
        return depth_ <= usual ? is_object_[depth_ - 1] : deeper_.back();
    }

  private:
    static constexpr unsigned usual = 64;
    bool is_object_[usual];  // not initialised: a value opens few
    unsigned depth_ = 0;
    std::vector<bool> deeper_;
};

json_tokens::outcome json_cursor::start(const char* text, std::size_t size) {
    text_ = text;
    size_ = size;
    note_.reset();
    error_ = {};
    texts_used_ = 0;
    if (texts_capacity_ > texts_kept) {  // what a rare large body needed is given back
        texts_.reset();
        texts_capacity_ = 0;
    }
    find_backslash(0);
    const auto outcome = tokens_.index(text, size);
    next_ = tokens_.begin();
    end_ = tokens_.end();
    return outcome;
}

bool json_cursor::fail(std::size_t at, const char* what) noexcept {
    error_ = {at, what};
    return false;
}

void json_cursor::note(event_code code, std::size_t at) noexcept {
    if (!note_) note_ = json_note{code, at};
}

std::optional<json_note> json_cursor::take_note() noexcept {
    return std::exchange(note_, {});
}

// One search over the whole text in all: a string then knows by one comparison that it has no
// escape.
void json_cursor::find_backslash(std::size_t from) noexcept {
    const void* found = from < size_ ? std::memchr(text_ + from, '\\', size_ - from) : nullptr;
    backslash_ = found ? static_cast<std::size_t>(static_cast<const char*>(found) - text_) : size_;
}

bool json_cursor::unescape_text(token at, std::string_view& text) {
    if (texts_capacity_ < size_) {
        texts_ = std::make_unique_for_overwrite<char[]>(size_);
        texts_capacity_ = size_;
    }
    char* const to = texts_.get() + texts_used_;
    const text_verdict verdict = unescape(text, to);
    const std::size_t fault_at = *at + 1 + verdict.at;
    find_backslash(at[1]);
    text = {};
    switch (verdict.fault) {
        case text_fault::none:
            text = {to, verdict.size};
            texts_used_ += verdict.size;
            break;
        case text_fault::bad_escape: return fail(fault_at, "JSON has no such escape");
        case text_fault::nul: note(event_code::nul_character, fault_at); break;
        case text_fault::lone_surrogate: note(event_code::lone_surrogate, fault_at); break;
    }
    return true;
}

bool json_cursor::null() {
    const token at = pass_scalar(next_);
    if (at) next_ = at;
    return at != nullptr;
}

json_cursor::token json_cursor::pass_scalar(token at) {
    const char first = char_at(at);
    const char* const expected = "a value was expected here";
    if (first == '-' || (first >= '0' && first <= '9')) {
        switch (judge_number(text_of(at))) {
            case number_verdict::fine: break;
            case number_verdict::not_json: return fail(*at, "this is not a JSON number"), nullptr;
            case number_verdict::too_long: note(event_code::number_too_long, *at); break;
            case number_verdict::out_of_range: note(event_code::number_out_of_range, *at); break;
        }
        return at + 1;
    }
    const std::string_view word = at != end_ ? text_of(at) : "";
    if (word == "true" || word == "false" || word == "null") return at + 1;
    return fail(*at, expected), nullptr;
}

inline json_cursor::token json_cursor::pass_string(token at) {
    if (backslash_ < at[1]) {
        std::string_view text = text_of(at);
        text = text.substr(1, text.size() - 2);
        if (!unescape_text(at, text)) return nullptr;
    }
    return at + 1;
}

inline json_cursor::token json_cursor::pass_key(token at) {
    if (char_at(at) != '"') return fail(*at, "a member's name was expected here"), nullptr;
    at = pass_string(at);
    if (!at) return nullptr;
    if (char_at(at) != ':') return fail(*at, "a colon was expected here"), nullptr;
    return at + 1;
}

// Down to the first scalar or empty container, and past it.
inline json_cursor::token json_cursor::pass_value_start(token at, containers& open,
                                                        unsigned level) {
    for (;;) {
        const char first = char_at(at);
        if (first == '"') return pass_string(at);
        if (first != '{' && first != '[') return pass_scalar(at);
        if (level + open.depth() == max_depth) note(event_code::too_deep, *at);
        const bool object = first == '{';
        ++at;
        if (char_at(at) == (object ? '}' : ']')) return at + 1;
        open.push(object);
        if (object && !(at = pass_key(at))) return nullptr;
    }
}

// A value has ended: past what ends with it, up to where the next one starts or nothing is open.
inline json_cursor::token json_cursor::pass_value_end(token at, containers& open) {
    while (open.depth() != 0) {
        const bool object = open.in_object();
        const char mark = char_at(at);
        if (mark == ',') return object ? pass_key(at + 1) : at + 1;
        if (mark != (object ? '}' : ']')) {
            return fail(*at, "a comma or the end was expected here"), nullptr;
        }
        open.pop();
        ++at;
    }
    return at;
}

bool json_cursor::value(unsigned level) {
    containers open;
    token at = next_;  // a local: this is the loop that all of an event's properties go through
    do {
        at = pass_value_start(at, open, level);
        if (at) at = pass_value_end(at, open);
    } while (at && open.depth() != 0);
    if (at) next_ = at;
    return at != nullptr;
}

bool json_cursor::end() noexcept {
    return next_ == end_ || fail(position(), "nothing may follow the JSON value");
}

}  // namespace nd::schema
