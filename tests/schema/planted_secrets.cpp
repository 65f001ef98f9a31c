#include "tests/schema/planted_secrets.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cctype>

namespace nd::test {
namespace {

constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view figures = "0123456789";
constexpr std::string_view base36 = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view base62 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hex = "0123456789abcdef";

// The digit that makes a card's number whole.
char luhn_digit(const std::string& number) {
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        int value = number[number.size() - 1 - i] - '0';
        if (i % 2 == 0) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

// ISO 13616's check digits, by long division.
std::string iban(const std::string& country, const std::string& rest) {
    std::string number;
    for (const char c : rest + country + "00")
        number += std::isdigit(static_cast<unsigned char>(c)) ? std::string(1, c)
                                                              : std::to_string(c - 'A' + 10);
    const boost::multiprecision::cpp_int value(number.substr(number.find_first_not_of('0')));
    const auto check = std::to_string(98 - static_cast<int>(value % 97));
    return country + (check.size() == 1 ? "0" : "") + check + rest;
}

std::string grouped(const std::string& text, std::size_t each, const std::string& between) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i)
        made += (i > 0 && i % each == 0 ? between : "") + text[i];
    return made;
}

// Fills a form: # is a digit.
std::string filled(std::string form, secret_maker& from) {
    for (char& c : form)
        if (c == '#') c = static_cast<char>('0' + from.below(10));
    return form;
}

}  // namespace

std::string secret_maker::some(std::string_view alphabet, std::size_t count) {
    std::string made;
    for (std::size_t i = 0; i < count; ++i)
        made += alphabet[below(alphabet.size())];
    return made;
}

planted secret_maker::email() {
    std::string local = some(lower, 6 + below(6));
    if (below(3) == 0) local += one_of({".", "_", "-", "+"}) + some(base36, 6);
    std::string host = some(lower, 6 + below(6));
    if (below(4) == 0) host = some(figures, 3) + host;
    if (below(3) == 0) host = one_of({"mail.", "eu-1.", "x.y."}) + host;
    return disguised(local + "@" + host + one_of({".com", ".co.uk", ".de", ".museum", ".io"}));
}

planted secret_maker::phone() {
    return disguised(
        filled(one_of({"+49 ### #######", "+1 (###) ###-####", "(0##) #### ####",
                       "+33 # ## ## ## ##", "0##/#######", "+44-20-####-####", "###-####",
                       "###.###.####", "00## ## ### ## ##", "0########", "+81 (0)3-####-####"}),
               *this));
}

planted secret_maker::card() {
    std::string number =
        std::string(one_of({"4", "51", "2221", "34", "6011", "35", "62"})) + some(figures, 11);
    number += luhn_digit(number);
    return disguised(below(2) == 0 ? number : grouped(number, 4, one_of({" ", "-", "."})));
}

planted secret_maker::account() {
    static constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string made;
    switch (below(4)) {
        case 0: made = iban("DE", some(figures, 18)); break;
        case 1: made = iban("GB", some(capitals, 4) + some(figures, 14)); break;
        case 2: made = iban("NL", some(capitals, 4) + some(figures, 10)); break;
        default: made = iban("MT", some(capitals, 4) + some(figures, 5) + some(capitals, 18));
    }
    return disguised(below(2) == 0 ? made : grouped(made, 4, one_of({" ", "-"})));
}

planted secret_maker::digits() {
    return disguised(some(figures, 6 + below(14)));
}

planted secret_maker::token() {
    const auto whole = [](const std::string& text) { return planted{text, text}; };
    const auto behind = [](const std::string& mark, const std::string& core) {
        return planted{mark + core, core};
    };
    switch (below(9)) {
        case 0: return whole(some(hex, shortest_ + below(48)));
        case 1: return whole(some(base64, shortest_ + 4 + below(44)) + one_of({"", "=", "=="}));
        case 2: return whole(some(base64url, shortest_ + 4 + below(44)));
        case 3: return whole(some(base62, shortest_ + below(24)));
        case 4:
            return whole(some(hex, 8) + "-" + some(hex, 4) + "-4" + some(hex, 3) + "-a" +
                         some(hex, 3) + "-" + some(hex, 12));
        case 5:
            return whole("eyJ" + some(base64url, 20) + "." + some(base64url, 40) + "." +
                         some(base64url, 43));
        case 6:
            return behind(one_of({"sk_live_", "ghp_", "xoxb-", "AKIA", "glpat-", "AIza", "nd_live_",
                                  "whsec_", "Bearer "}),
                          some(base62, 20 + below(20)));
        case 7: return whole(some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", shortest_ + below(16)));
        default: return behind(one_of({"password=", "secret=", "api_key="}), some(lower, 9));
    }
}

planted secret_maker::url() {
    const std::string host = "https://" + some(lower, 7) + ".com/";
    const std::string core = some(lower, 9);
    switch (below(4)) {
        case 0: return {"https://" + some(lower, 7) + ":" + core + "@host.example/x", core};
        case 1: return {host + "reset?key=" + core, core};
        case 2: return {host + "#access=" + core, core};
        default: return {"/open?of=" + core, core};
    }
}

planted secret_maker::make() {
    switch (below(7)) {
        case 0: return email();
        case 1: return phone();
        case 2: return card();
        case 3: return account();
        case 4: return digits();
        case 5: return token();
        default: return url();
    }
}

planted secret_maker::content() {
    std::string made = one_of({"Dear ", "Re: ", "", "Meeting with "});
    made += some(lower, 7 + below(9));
    if (below(3) == 0) made += " " + make().core;
    return {made, made};
}

// As it is, or written in a way that hides it from a simple search.
planted secret_maker::disguised(const std::string& plain) {
    const auto how = below(6);
    std::string made;
    for (const char c : plain) {
        if (how == 0 && below(3) == 0)
            made += one_of({"\xe2\x80\x8b", "\xe2\x80\x8d", "\xe2\x80\xae", "\xef\xbb\xbf"});
        if (how == 1 && c > ' ') {  // U+FF01 and on
            const int wide = 0xff00 + (c - 0x20);
            made += '\xef';
            made += static_cast<char>(0x80 | (wide >> 6 & 0x3f));
            made += static_cast<char>(0x80 | (wide & 0x3f));
        } else {
            made += c;
        }
    }
    return {made, plain};
}

std::string bare(std::string_view text) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\xef' && i + 2 < text.size() &&
            (text[i + 1] == '\xbc' || text[i + 1] == '\xbd')) {
            const int wide = (text[i + 1] & 0x3f) << 6 | (text[i + 2] & 0x3f);
            c = static_cast<char>(wide - 0xf00 + 0x20);
            i += 2;
        }
        if (c == '|' || std::isalnum(static_cast<unsigned char>(c)))
            made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return made;
}

// What stands in place of a secret says nothing, and keeps apart what stands around it.
std::string without_marks(std::string_view text) {
    std::string made(text);
    for (const auto* mark : {"[email]", "[phone]", "[card]", "[account]", "[number]", "[token]",
                             "[url]", "[text]", "[content]"})
        for (auto at = made.find(mark); at != std::string::npos; at = made.find(mark, at))
            made.replace(at, std::string_view(mark).size(), "|");
    return made;
}

bool shows(std::string_view text, std::string_view secret) {
    constexpr std::size_t row = 6;
    const std::string in = bare(without_marks(text));
    const std::string of = bare(secret);
    for (std::size_t i = 0; i + row <= of.size(); ++i)
        if (in.find(of.substr(i, row)) != std::string::npos) return true;
    return false;
}

}  // namespace nd::test
