// The headers of an HTTP message as https_client takes and gives them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::base {

using http_headers = std::vector<std::pair<std::string, std::string>>;

// The first of that name ("" when there is none); in answers the names are in lower case.
[[nodiscard]] inline std::string_view header_of(const http_headers& all, std::string_view name) {
    for (const auto& [one, value] : all)
        if (one == name) return value;
    return {};
}

}  // namespace nd::base
