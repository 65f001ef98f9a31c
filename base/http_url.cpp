#include "base/http_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nd::base {
namespace {

error wrong(std::string_view why) {
    return failure(errc::invalid, fmt::format("the URL {}; write https://host[:port][/path]", why));
}

// 127.0.0.0/8 in four numbers: a name such as 127.evil.example is no address.
bool is_loopback(std::string_view host) {
    if (host == "localhost" || host == "::1") return true;
    return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

bool is_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == ':';
    });
}

bool is_path(std::string_view path) {
    return std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// host, host:port, [address]:port; what follows the host is left in `rest`.
bool take_host(std::string_view authority, std::string& host, std::string_view& rest) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == authority.npos) return false;
        host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
        return is_host(host);
    }
    const auto colon = std::min(authority.find(':'), authority.size());
    host = authority.substr(0, colon);
    rest = authority.substr(colon);
    return is_host(host);
}

}  // namespace

std::string http_url::authority() const {
    const auto name = host.find(':') == host.npos ? host : "[" + host + "]";
    return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

result<http_url> parse_http_url(std::string_view text) {
    http_url made;
    if (text.starts_with("http://")) {
        made.tls = false;
        made.port = 80;
    } else if (!text.starts_with("https://")) {
        return wrong("does not begin with https://");
    }
    auto rest = text.substr(text.find("//") + 2);
    if (rest.find_first_of("?#@") != rest.npos) return wrong("has a user, a query or a fragment");
    const auto slash = std::min(rest.find('/'), rest.size());
    auto path = rest.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (!is_path(path)) return wrong("has a character in its path that none may have");
    made.path = path;
    std::string_view port;
    if (!take_host(rest.substr(0, slash), made.host, port)) return wrong("names no host");
    if (!port.empty()) {
        const auto* end = port.data() + port.size();
        const auto [stop, ec] = std::from_chars(port.data() + 1, end, made.port);
        if (port.front() != ':' || ec != std::errc() || stop != end || made.port == 0)
            return wrong("has no port after its colon");
    }
    if (!made.tls && !is_loopback(made.host))
        return wrong("begins with http://, which is for this machine only (a key goes with it)");
    return made;
}

}  // namespace nd::base
