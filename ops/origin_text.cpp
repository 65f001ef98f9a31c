#include "ops/origin_text.hpp"

#include "base/parse_number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {
namespace {

bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool is_scheme(std::string_view text) {
    return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

bool is_host(std::string_view text) {
    if (text.starts_with("*.")) text.remove_prefix(2);
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        return std::all_of(text.begin() + 1, text.end() - 1,
                           [](char c) { return is_alnum(c) || c == ':' || c == '.'; });
    }
    return !text.empty() && text.front() != '.' && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; });
}

bool is_port(std::string_view text) {
    const auto port = base::parse_number<unsigned>(text);
    return port && *port >= 1 && *port <= 65'535;
}

base::error refused(std::string_view text, std::string_view why) {
    return base::failure(
        base::errc::invalid,
        fmt::format(
            "--origin \"{}\": {}. Write it as the browser sends it: https://app.example.com, "
            "with a port if it is not the usual one; https://*.example.com stands for every "
            "name below.",
            text, why));
}

}  // namespace

base::result<std::string> normal_origin(std::string_view text) {
    if (text == "*") return refused(text, "to allow every origin leave --origin out");
    if (text == "null")
        return refused(text, "null is never allowed: it says nothing about who asks");
    const auto origin = lower(text);
    const auto colon = origin.find("://");
    if (colon == std::string::npos || !is_scheme(std::string_view(origin).substr(0, colon))) {
        return refused(text, "there is no scheme");
    }
    const auto scheme = origin.substr(0, colon);
    auto rest = std::string_view(origin).substr(colon + 3);
    if (rest.find_first_of("/?#@") != std::string_view::npos)
        return refused(text, "an origin has no path, query or user");
    const auto port_at =
        rest.find(':', rest.starts_with('[') ? std::min(rest.find(']'), rest.size()) : 0);
    const auto host = rest.substr(0, port_at);
    if (!is_host(host))
        return refused(text, "there is no host in it (other scripts as punycode, xn--...)");
    if (port_at == std::string_view::npos) return origin;
    const auto port = rest.substr(port_at + 1);
    if (!is_port(port)) return refused(text, "the port is not a number from 1 to 65535");
    const bool is_default =
        (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
    return is_default ? origin.substr(0, origin.size() - port.size() - 1) : origin;
}

}  // namespace nd::ops
