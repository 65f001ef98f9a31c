#include "schema/json_tokens.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <new>

namespace nd::schema {
namespace {

// Four bytes of index per byte of text: what a rare large body needs is given back after it.
constexpr std::size_t smallest = 64u << 10;
constexpr std::size_t kept = 1u << 20;

constexpr std::uint32_t nothing = 0;

}  // namespace

struct json_tokens::stage1 {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    std::size_t capacity = 0;

    void fit(std::size_t size) {
        const bool oversized = capacity > kept && size <= kept;
        if (size <= capacity && !oversized) return;
        const std::size_t wanted = std::bit_ceil(std::max(size, smallest));
        capacity = 0;
        const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            wanted, 1, parser);
        if (error) throw std::bad_alloc();
        capacity = wanted;
    }
};

json_tokens::json_tokens() : stage1_(std::make_unique<stage1>()) {}
json_tokens::~json_tokens() = default;
json_tokens::json_tokens(json_tokens&&) noexcept = default;
json_tokens& json_tokens::operator=(json_tokens&&) noexcept = default;

json_tokens::outcome json_tokens::index(const char* text, std::size_t size) {
    count_ = 0;
    starts_ = &nothing;
    if (size == 0) return outcome::empty;
    stage1_->fit(size);
    auto& parser = *stage1_->parser;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text);
    switch (parser.stage1(bytes, size, simdjson::stage1_mode::regular)) {
        case simdjson::SUCCESS: break;
        case simdjson::EMPTY: return outcome::empty;
        case simdjson::UTF8_ERROR: return outcome::not_utf8;
        default: return outcome::broken_string;
    }
    starts_ = parser.structural_indexes.get();
    count_ = parser.n_structural_indexes;
    // simdjson leaves room behind the last one for marks of its own.
    parser.structural_indexes[count_] = static_cast<std::uint32_t>(size);
    return outcome::indexed;
}

broken_string find_broken_string(std::string_view text) noexcept {
    std::size_t opened = 0;
    bool inside = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') {
            inside = !inside;
            opened = at;
        } else if (inside && c == '\\') {
            ++at;
        } else if (inside && static_cast<unsigned char>(c) < 0x20) {
            return {at, "a control character must be escaped in a string"};
        }
    }
    return {opened, "this string is not closed"};
}

}  // namespace nd::schema
