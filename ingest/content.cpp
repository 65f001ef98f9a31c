#include "ingest/content.hpp"

#include <boost/beast/core/string.hpp>

namespace nd::ingest {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same(std::string_view a, std::string_view b) {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

}  // namespace

bool is_json(std::optional<std::string_view> content_type) {
    if (!content_type) return false;
    return same(trimmed(content_type->substr(0, content_type->find(';'))), "application/json");
}

std::optional<coding> coding_of(std::string_view content_encoding) {
    const auto name = trimmed(content_encoding);
    if (name.empty() || same(name, "identity")) return coding::identity;
    if (same(name, "gzip")) return coding::gzip;
    if (same(name, "zstd")) return coding::zstd;
    return std::nullopt;
}

}  // namespace nd::ingest
