#include "bench/page_read.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <iterator>
#include <stdexcept>

namespace nd::bench {
namespace {

bool stays(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '-' || c == '_' || c == '.' || c == '~';
}

std::string target_of(std::string_view route) {
    std::string made = "/v1/schema?page=";
    for (const char c : route)
        if (stays(c))
            made += c;
        else
            made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return made;
}

}  // namespace

void write_head(const page_read& what, std::string_view host, std::string& head) {
    head.clear();
    fmt::format_to(std::back_inserter(head), "GET {} HTTP/1.1\r\nHost: {}\r\nX-ND-Key: {}\r\n",
                   what.target, host, what.key);
    if (!what.etag.empty())
        fmt::format_to(std::back_inserter(head), "If-None-Match: {}\r\n", what.etag);
    head += "\r\n";
}

std::vector<std::string> page_targets(std::string_view list, std::size_t most) {
    std::vector<std::string> made;
    const auto said = boost::json::parse({list.data(), list.size()});
    for (const auto& page : said.at("pages").as_array()) {
        if (made.size() == most) break;
        if (page.at("enriched").as_bool())
            made.push_back(target_of(std::string_view(page.at("page").as_string())));
    }
    return made;
}

}  // namespace nd::bench
