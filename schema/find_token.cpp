// Keys, tokens and ids: what nobody can say aloud. A run of letters, digits and the marks that
// tokens have inside is split into pieces; a piece that could be words (CamelCase, es2015, v2) is
// innocent, and a run with too much that is not is a token. Known prefixes decide at once.
#include "schema/byte_words.hpp"
#include "schema/folded_char.hpp"
#include "schema/secret_span.hpp"
#include "schema/wordlike.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace nd::schema {
namespace {

constexpr char_set joiners("-_+/=.~%");

struct known_prefix {
    std::string_view text;
    std::size_t fewest_after;  // fewer characters after it are something else
};
// In the order of their first characters.
constexpr std::array prefixes = {
    known_prefix{"AIza", 12},
    known_prefix{"AKIA", 12},
    known_prefix{"ASIA", 12},
    known_prefix{"AccountKey=", 6},
    known_prefix{"GOCSPX-", 6},
    known_prefix{"SG.", 16},
    known_prefix{"SharedAccessSignature=", 6},
    known_prefix{"dop_v1_", 6},
    known_prefix{"eyJ", 12},
    known_prefix{"gho_", 6},
    known_prefix{"ghp_", 6},
    known_prefix{"ghr_", 6},
    known_prefix{"ghs_", 6},
    known_prefix{"ghu_", 6},
    known_prefix{"github_pat_", 6},
    known_prefix{"glpat-", 6},
    known_prefix{"hf_", 12},
    known_prefix{"nd_live_", 6},
    known_prefix{"nd_test_", 6},
    known_prefix{"ndr_", 12},
    known_prefix{"npm_", 12},
    known_prefix{"pk_live_", 6},
    known_prefix{"pk_test_", 6},
    known_prefix{"pypi-", 16},
    known_prefix{"rk_live_", 6},
    known_prefix{"shpat_", 6},
    known_prefix{"sk-ant-", 6},
    known_prefix{"sk-proj-", 6},
    known_prefix{"sk_live_", 6},
    known_prefix{"sk_test_", 6},
    known_prefix{"whsec_", 6},
    known_prefix{"xapp-", 6},
    known_prefix{"xoxa-", 6},
    known_prefix{"xoxb-", 6},
    known_prefix{"xoxp-", 6},
    known_prefix{"xoxs-", 6},
    known_prefix{"ya29.", 6},
};
static_assert(std::ranges::is_sorted(prefixes, {}, [](auto& one) { return one.text[0]; }));

// Where those that begin with a character start in the list.
constexpr auto prefix_places = [] {
    std::array<std::uint8_t, 129> made{};
    for (std::size_t c = 0; c < made.size(); ++c)
        made[c] = static_cast<std::uint8_t>(std::ranges::count_if(
            prefixes, [c](auto& one) { return static_cast<std::size_t>(one.text[0]) < c; }));
    return made;
}();

// `run` begins with a letter or a digit.
bool has_known_prefix(std::string_view run) {
    const auto first = static_cast<unsigned char>(run[0]);
    for (std::size_t i = prefix_places[first]; i < prefix_places[first + 1u]; ++i) {
        const auto& one = prefixes[i];
        if (run.starts_with(one.text) && run.size() >= one.text.size() + one.fewest_after)
            return true;
    }
    return false;
}

std::size_t first_digit(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && !is_digit(text[at]))
        ++at;
    return at;
}

// Words have many common groups of three letters, drawn letters have one in seven. The longer they
// are, the surer.
bool is_wordlike(std::string_view letters) {
    constexpr std::size_t is_long = 18;
    const auto [all, common] = count_trigrams(letters);
    return common * 100 >= all * (letters.size() >= is_long ? 70 : 65);
}

// Beside figures more is asked.
bool is_surely_wordlike(std::string_view letters) {
    const auto [all, common] = count_trigrams(letters);
    return common * 100 >= all * (letters.size() >= shortest_token ? 80 : 65);
}

// CamelCase has humps of several letters, few of them with a single small letter (Ok) or with
// several capitals (HTMLTable); a key changes at every second or third letter, as it comes.
bool has_natural_case(std::string_view letters) {
    std::size_t humps = 0;
    std::size_t clipped = 0;
    std::size_t acronyms = 0;
    for (std::size_t at = 0; at < letters.size(); ++humps) {
        std::size_t small = at;
        while (small < letters.size() && is_upper(letters[small]))
            ++small;
        std::size_t end = small;
        while (end < letters.size() && is_lower(letters[end]))
            ++end;
        clipped += end - small == 1 ? 1 : 0;
        acronyms += small - at > 1 ? 1 : 0;
        at = end;
    }
    return humps <= 2 ||
           (letters.size() >= humps * 3 && clipped * 3 <= humps && acronyms * 2 <= humps);
}

// What is wrong with a piece, a run of letters and digits without a mark in it.
enum class verdict {
    innocent,
    foreign,  // no word of ours, but a person might say it
    odd,
    guilty,
};

verdict judge_letters(std::string_view letters) {
    const bool natural = has_natural_case(letters);
    if (natural && is_wordlike(letters)) return verdict::innocent;
    if (letters.size() >= shortest_token) return verdict::guilty;
    return natural ? verdict::foreign : verdict::odd;
}

// TiddlyWiki5, Step12: letters, and up to three figures behind them.
bool is_numbered(std::string_view piece) {
    constexpr std::size_t most_figures = 3;
    const std::size_t from = first_digit(piece);
    return from < piece.size() && piece.size() - from <= most_figures &&
           std::ranges::all_of(piece.substr(from), is_digit);
}

// Letters with digits: h264, es2015, oauth2Client and TiddlyWiki5 are words; 7Gk29ahQ is none.
verdict judge_mixed(std::string_view piece) {
    if (is_numbered(piece)) return judge_letters(piece.substr(0, first_digit(piece)));
    constexpr std::size_t small = 4;
    constexpr std::size_t shortest_guilty = 8;
    constexpr std::size_t shortest_judged = 4;
    std::size_t digit_groups = 0;
    bool words = true;
    for (std::size_t at = 0; at < piece.size();) {
        const bool digits = is_digit(piece[at]);
        std::size_t end = at + 1;
        while (end < piece.size() && is_digit(piece[end]) == digits)
            ++end;
        const auto part = piece.substr(at, end - at);
        if (digits)
            ++digit_groups;
        else if (part.size() >= shortest_judged)
            words = words && is_surely_wordlike(part) && has_natural_case(part);
        else if (part.size() < 3 && digit_groups > 0 && piece.size() > small)
            words = false;  // one or two letters behind digits, in something longer than a11y
        at = end;
    }
    const std::size_t most_groups = piece.size() >= shortest_token ? 1 : 2;
    if (words && digit_groups <= most_groups) return verdict::innocent;
    return piece.size() >= shortest_guilty ? verdict::guilty : verdict::odd;
}

verdict judge_piece(std::string_view piece) {
    constexpr std::size_t shortest_judged = 3;
    constexpr std::size_t shortest_hex = 16;
    if (piece.size() < shortest_judged) return verdict::innocent;
    if (std::ranges::all_of(piece, is_digit)) return verdict::innocent;  // find_number's
    if (piece.size() >= shortest_hex && std::ranges::all_of(piece, is_hex)) return verdict::guilty;
    return std::ranges::any_of(piece, is_digit) ? judge_mixed(piece) : judge_letters(piece);
}

// UUIDs, MAC addresses, fingerprints: hexadecimal digits in groups, some of them letters, some
// figures.
bool is_grouped_hex(std::string_view run) {
    constexpr std::size_t fewest = 12;
    std::size_t digits = 0;
    std::size_t letters = 0;
    for (const char c : run) {
        if (!is_hex(c) && c != '-' && c != ':') return false;
        digits += is_digit(c) ? 1 : 0;
        letters += is_alpha(c) ? 1 : 0;
    }
    return digits >= 2 && letters >= 1 && digits + letters >= fewest;
}

// How many of a run's letters stand in words, seen hump by hump: some letters at least, with groups
// of three that are common.
std::size_t letters_in_words(std::string_view run, std::size_t shortest_word) {
    std::size_t sum = 0;
    for (std::size_t at = 0; at < run.size();) {
        std::size_t end = at;
        while (end < run.size() && is_upper(run[end]))
            ++end;
        while (end < run.size() && is_lower(run[end]))
            ++end;
        const auto hump = run.substr(at, end - at);
        if (hump.size() >= shortest_word && is_wordlike(hump)) sum += hump.size();
        at = std::max(end, at + 1);
    }
    return sum;
}

// Letters with figures among them, and hardly a word.
struct mixture {
    std::size_t characters = 0;
    std::size_t in_words = 0;

    void add(std::string_view piece) {
        if (is_numbered(piece) || !std::ranges::any_of(piece, is_digit) ||
            std::ranges::all_of(piece, is_digit))
            return;
        characters += piece.size();
        in_words += letters_in_words(piece, 4);
    }
    [[nodiscard]] bool tells() const {
        constexpr std::size_t fewest = 10;
        return characters >= fewest && in_words * 10 < characters * 3;
    }
};

// Small and capital letters and figures, a dozen of them, and less than a third of it words.
bool is_wordless(std::string_view run) {
    constexpr std::size_t fewest = 14;
    const auto all = static_cast<std::size_t>(std::ranges::count_if(run, is_alnum));
    return all >= fewest && std::ranges::any_of(run, is_digit) &&
           std::ranges::any_of(run, is_lower) && std::ranges::any_of(run, is_upper) &&
           letters_in_words(run, 5) * 3 < all;
}

bool is_token(std::string_view run) {
    constexpr std::size_t most_odd = 8;
    if (has_known_prefix(run)) return true;
    const bool digits = has_digit(run);  // most runs have none, and are no mixture of any kind
    if (digits && (is_grouped_hex(run) || is_wordless(run))) return true;
    mixture mixed;
    std::size_t odd = 0;
    std::size_t all = 0;
    for (std::size_t at = 0; at < run.size();) {
        std::size_t end = at;
        while (end < run.size() && is_alnum(run[end]))
            ++end;
        const auto piece = run.substr(at, end - at);
        const verdict found = judge_piece(piece);
        if (found == verdict::guilty) return true;
        if (found == verdict::odd) odd += piece.size();
        if (found == verdict::foreign) odd += piece.size() / 2;
        all += piece.size();
        if (digits) mixed.add(piece);
        at = end + 1;
    }
    return mixed.tells() || (odd >= most_odd && odd * 2 >= all);
}

// Colons hold a MAC or IPv6 address together; elsewhere they end a word.
bool in_run(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (is_alnum(c) || joiners.has(c)) return true;
    return c == ':' && at > 0 && at + 1 < text.size() && is_hex(text[at - 1]) &&
           (is_hex(text[at + 1]) || text[at + 1] == ':');
}

}  // namespace

void find_tokens(std::string_view folded, secret_spans& into) {
    constexpr std::size_t shortest = 8;
    for (std::size_t at = 0; at < folded.size();) {
        if (!is_alnum(folded[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < folded.size() && in_run(folded, end))
            ++end;
        if (end - at >= shortest && is_token(folded.substr(at, end - at)))
            into.push_back({at, end, secret_kind::token});
        at = end;
    }
}

}  // namespace nd::schema
