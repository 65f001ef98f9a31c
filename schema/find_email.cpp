// E-mail addresses: something, an at sign, something that can be a host. Wider than any standard:
// whatever a person would read as an address is one.
#include "schema/folded_char.hpp"
#include "schema/secret_span.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

constexpr std::size_t most_spaces = 2;    // around the sign
constexpr std::size_t most_quoted = 256;  // in "any text"@host, and in host's brackets

constexpr char_set local_marks("._%+-'!#$&*=?^{|}~/:");
constexpr char_set host_marks("-._");

bool is_local(char c) {
    return is_alnum(c) || c == folded_letter || local_marks.has(c);
}

bool is_host(char c) {
    return is_alnum(c) || c == folded_letter || host_marks.has(c);
}

std::size_t local_begin(std::string_view text, std::size_t end) {
    if (end > 1 && text[end - 1] == '"') {
        const std::size_t from = end - std::min(end, most_quoted);
        const auto open = text.substr(from, end - 1 - from).rfind('"');
        return open == std::string_view::npos ? end : from + open;
    }
    std::size_t at = end;
    while (at > 0 && is_local(text[at - 1]))
        --at;
    return at;
}

std::size_t host_end(std::string_view text, std::size_t begin) {
    if (begin < text.size() && text[begin] == '[') {  // [192.0.2.1]
        const auto close = text.substr(begin, most_quoted).find(']');
        return close == std::string_view::npos ? begin : begin + close + 1;
    }
    std::size_t at = begin;
    while (at < text.size() && is_host(text[at]))
        ++at;
    while (at > begin && host_marks.has(text[at - 1]))
        --at;
    return at;
}

bool is_wordy(char c) {
    return is_alpha(c) || c == folded_letter;
}

// The last label is letters: example.com, but not 4.17.23 and not 1.0.0-rc.10.
bool has_top_label(std::string_view host) {
    const auto dot = host.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto label = host.substr(dot + 1);
    return label.size() >= (label.find(folded_letter) == std::string_view::npos ? 2 : 1) &&
           std::ranges::all_of(label, is_wordy);
}

bool is_address(std::string_view host) {
    return std::ranges::count(host, '.') == 3 &&
           std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
}

bool can_be_host(std::string_view host, bool spaced) {
    if (host.empty()) return false;
    if (host.front() == '[' || has_top_label(host) || is_address(host)) return true;
    // alice@intranet; but `name@2.x` and `action@v4` are versions.
    constexpr std::size_t shortest = 3;
    return !spaced && host.size() >= shortest && is_wordy(host.front());
}

void judge(std::string_view text, std::size_t sign, std::size_t length, secret_spans& into) {
    std::size_t left = sign;
    while (left > 0 && sign - left < most_spaces && text[left - 1] == ' ')
        --left;
    std::size_t right = sign + length;
    while (right < text.size() && right - sign - length < most_spaces && text[right] == ' ')
        ++right;
    const std::size_t begin = local_begin(text, left);
    const std::size_t end = host_end(text, right);
    const bool spaced = left != sign || right != sign + length;
    if (begin < left && can_be_host(text.substr(right, end - right), spaced))
        into.push_back({begin, end, secret_kind::email});
}

}  // namespace

void find_emails(std::string_view folded, secret_spans& into) {
    for (auto at = folded.find('@'); at != std::string_view::npos; at = folded.find('@', at + 1))
        judge(folded, at, 1, into);
    constexpr std::string_view escaped = "%40";
    for (auto at = folded.find(escaped); at != std::string_view::npos;
         at = folded.find(escaped, at + 1))
        judge(folded, at, escaped.size(), into);
}

}  // namespace nd::schema
