#include "model/json_view.hpp"

#include <boost/json/parse.hpp>

namespace nd::model {
namespace json = boost::json;

std::optional<json::value> parse_json(std::string_view text) {
    json::error_code ec;
    auto read = json::parse(json::string_view(text.data(), text.size()), ec);
    if (ec) return std::nullopt;
    return read;
}

const json::value* member_of(const json::value& in, std::string_view name) {
    if (!in.is_object()) return nullptr;
    const auto* found = in.get_object().if_contains(json::string_view(name.data(), name.size()));
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text_of(const json::value& in, std::string_view name) {
    const auto* found = member_of(in, name);
    if (found == nullptr || !found->is_string()) return {};
    const auto& text = found->get_string();
    return std::string(text.data(), text.size());
}

std::optional<std::int64_t> number_of(const json::value& in, std::string_view name) {
    const auto* found = member_of(in, name);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    json::error_code ec;
    const auto value = found->to_number<std::int64_t>(ec);
    if (ec) return std::nullopt;
    return value;
}

const json::array* list_of(const json::value& in, std::string_view name) {
    const auto* found = member_of(in, name);
    return found == nullptr ? nullptr : found->if_array();
}

}  // namespace nd::model
