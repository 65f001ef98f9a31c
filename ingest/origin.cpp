#include "ingest/origin.hpp"

#include <algorithm>

namespace nd::ingest {
namespace {

struct parts {
    std::string_view scheme;
    std::string_view host;
    std::string_view port;  // never empty for http and https
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// ASCII only, whatever the locale: names of other scripts arrive as punycode.
bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool is_scheme(std::string_view text) {
    return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

// Letters, digits and what names and addresses need; the first label may be a star (only in a key's
// list it means anything).
bool is_host(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '*' ||
               c == '[' || c == ']' || c == ':';
    });
}

std::string_view default_port(std::string_view scheme) {
    if (same(scheme, "https")) return "443";
    if (same(scheme, "http")) return "80";
    return {};
}

std::optional<parts> parse(std::string_view origin) {
    const auto colon = origin.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    parts out{origin.substr(0, colon), origin.substr(colon + 3), {}};
    // An IPv6 address has colons of its own, inside its brackets.
    const auto after_address = out.host.starts_with('[') ? out.host.find(']') : 0;
    if (after_address == std::string_view::npos) return std::nullopt;
    if (const auto port = out.host.find(':', after_address); port != std::string_view::npos) {
        out.port = out.host.substr(port + 1);
        out.host = out.host.substr(0, port);
        if (out.port.empty() || out.port.size() > 5) return std::nullopt;
        if (!std::all_of(out.port.begin(), out.port.end(), is_digit)) return std::nullopt;
    } else {
        out.port = default_port(out.scheme);
    }
    if (!is_scheme(out.scheme) || !is_host(out.host)) return std::nullopt;
    return out;
}

bool host_matches(std::string_view pattern, std::string_view host) {
    if (!pattern.starts_with("*.")) return same(pattern, host);
    const auto suffix = pattern.substr(1);  // ".example.com"
    return host.size() > suffix.size() && same(host.substr(host.size() - suffix.size()), suffix);
}

bool matches(std::string_view pattern, const parts& origin) {
    const auto allowed = parse(pattern);
    return allowed && same(allowed->scheme, origin.scheme) && allowed->port == origin.port &&
           host_matches(allowed->host, origin.host);
}

}  // namespace

origin_verdict check_origin(const key_record& key, std::optional<std::string_view> origin) {
    if (!origin) return key.browser_only ? origin_verdict::missing : origin_verdict::allowed;
    if (*origin == "null") return origin_verdict::null;
    const auto from = parse(*origin);
    if (!from || from->host.find('*') != std::string_view::npos)
        return origin_verdict::not_an_origin;
    if (!key.origins || key.origins->empty()) return origin_verdict::allowed;
    const auto allows = [&](const std::string& pattern) { return matches(pattern, *from); };
    return std::any_of(key.origins->begin(), key.origins->end(), allows) ? origin_verdict::allowed
                                                                         : origin_verdict::foreign;
}

std::optional<schema::problem> origin_refusal(const key_record& key,
                                              std::optional<std::string_view> origin) {
    const auto refuse = [](const char* detail) {
        return schema::problem{schema::problem_code::origin_not_allowed, detail};
    };
    switch (check_origin(key, origin)) {
        case origin_verdict::allowed: return std::nullopt;
        case origin_verdict::missing:
            return refuse("This key is for browsers only: a request with it must carry Origin.");
        case origin_verdict::null:
            return refuse(
                "Origin 'null' (a sandboxed frame or a file) is never allowed; serve the page "
                "from an http or https address.");
        case origin_verdict::not_an_origin:
            return refuse("The Origin header is not scheme://host[:port].");
        case origin_verdict::foreign: break;
    }
    return refuse("This origin is not among the key's allowed origins; add it to the key.");
}

}  // namespace nd::ingest
