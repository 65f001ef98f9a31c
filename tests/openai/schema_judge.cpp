#include "tests/openai/schema_judge.hpp"

#include <algorithm>
#include <string_view>

namespace nd::tests {
namespace json = boost::json;

namespace {

using fault = std::optional<std::string>;

bool is_type(const json::value& value, std::string_view type) {
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    return type == "number" && value.is_number();
}

bool has_type(const json::value& value, const json::value& type) {
    if (type.is_string()) return is_type(value, type.get_string());
    const auto& several = type.as_array();
    return std::any_of(several.begin(), several.end(),
                       [&](const json::value& one) { return is_type(value, one.as_string()); });
}

class judge {
  public:
    explicit judge(const json::value& root) : root_(root) {}

    [[nodiscard]] fault look(const json::value& value, const json::value& schema,
                             const std::string& where) const {
        const auto& rules = follow_ref(schema, root_);
        if (const auto* some = rules.if_contains("anyOf")) {
            for (const auto& one : some->as_array())
                if (!look(value, one, where)) return std::nullopt;
            return where + " is none of anyOf";
        }
        const auto* type = rules.if_contains("type");
        if (type != nullptr && !has_type(value, *type)) return where + " is of another type";
        if (const auto* values = rules.if_contains("enum")) {
            const auto& all = values->as_array();
            if (std::find(all.begin(), all.end(), value) == all.end())
                return where + " is none of its enum";
        }
        if (value.is_object()) return in_object(value.get_object(), rules, where);
        if (value.is_array()) return in_array(value.get_array(), rules, where);
        return std::nullopt;
    }

  private:
    [[nodiscard]] fault in_object(const json::object& value, const json::object& rules,
                                  const std::string& where) const {
        const auto& members = rules.at("properties").as_object();
        for (const auto& name : rules.at("required").as_array())
            if (!value.contains(name.as_string()))
                return where + " lacks " + std::string(name.as_string());
        for (const auto& member : value) {
            const auto* described = members.if_contains(member.key());
            const auto inner = where + "." + std::string(member.key());
            if (described == nullptr) return inner + " is not described";
            if (auto found = look(member.value(), *described, inner)) return found;
        }
        return std::nullopt;
    }

    [[nodiscard]] fault in_array(const json::array& value, const json::object& rules,
                                 const std::string& where) const {
        const auto* most = rules.if_contains("maxItems");
        if (most != nullptr && value.size() > most->to_number<std::size_t>())
            return where + " has too many items";
        for (const auto& one : value)
            if (auto found = look(one, rules.at("items"), where + "[]")) return found;
        return std::nullopt;
    }

    const json::value& root_;
};

}  // namespace

fault fault_against_schema(const json::value& value, const json::value& schema) {
    return judge(schema).look(value, schema, "it");
}

const json::object& follow_ref(const json::value& schema, const json::value& root) {
    const auto* at = &schema.as_object();
    while (const auto* ref = at->if_contains("$ref")) {
        const auto& text = ref->as_string();  // "#/$defs/Name"
        at = &root.at_pointer(json::string_view(text).substr(1)).as_object();
    }
    return *at;
}

}  // namespace nd::tests
