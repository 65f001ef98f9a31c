// URLs that say more than where: a user's name or password, a query, a fragment with values, data.
// A plain URL stays; its parts are looked at by the other finders like any text.
#include "schema/folded_char.hpp"
#include "schema/secret_span.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

constexpr std::string_view scheme_end = "://";
constexpr char_set enders(" \"<>`");
constexpr char_set scheme_marks("+.-");

bool ends_url(char c) {
    return enders.has(c);
}

std::size_t end_of(std::string_view text, std::size_t at) {
    while (at < text.size() && !ends_url(text[at]))
        ++at;
    return at;
}

std::size_t word_begin(std::string_view text, std::size_t at) {
    while (at > 0 && !ends_url(text[at - 1]))
        --at;
    return at;
}

std::size_t scheme_begin(std::string_view text, std::size_t at) {
    while (at > 0 && (is_alnum(text[at - 1]) || scheme_marks.has(text[at - 1])))
        --at;
    return at;
}

// `rest`: what follows the "://".
bool tells(std::string_view rest) {
    const auto authority = rest.substr(0, rest.find_first_of("/?#\\"));
    if (authority.find('@') != std::string_view::npos) return true;
    const auto query = rest.find('?');
    if (query != std::string_view::npos && query + 1 < rest.size()) return true;
    const auto fragment = rest.find('#');
    return fragment != std::string_view::npos &&
           rest.find_first_of("=&?", fragment) != std::string_view::npos;
}

void find_with_scheme(std::string_view text, secret_spans& into) {
    for (auto at = text.find(scheme_end); at != std::string_view::npos;) {
        const std::size_t end = end_of(text, at);
        const std::size_t rest = at + scheme_end.size();
        if (tells(text.substr(rest, end - rest)))
            into.push_back({scheme_begin(text, at), end, secret_kind::url});
        at = text.find(scheme_end, std::max(end, rest));
    }
}

// data:text/plain,... holds its content in itself.
void find_data(std::string_view text, secret_spans& into) {
    constexpr std::string_view scheme = "data:";
    for (auto at = text.find(scheme); at != std::string_view::npos;) {
        const std::size_t end = end_of(text, at);
        if (text.substr(at, end - at).find(',') != std::string_view::npos)
            into.push_back({at, end, secret_kind::url});
        at = text.find(scheme, end);
    }
}

// /reset?token=abc, www.example.com?id=7: a word with a value behind a question mark.
void find_queries(std::string_view text, secret_spans& into) {
    for (auto at = text.find('?'); at != std::string_view::npos;) {
        const std::size_t end = end_of(text, at);
        const auto equals = text.substr(at, end - at).find('=');
        if (equals != std::string_view::npos && equals > 1)
            into.push_back({word_begin(text, at), end, secret_kind::url});
        at = text.find('?', std::max(end, at + 1));
    }
}

}  // namespace

void find_urls(std::string_view folded, secret_spans& into) {
    find_with_scheme(folded, into);
    find_data(folded, into);
    find_queries(folded, into);
}

}  // namespace nd::schema
