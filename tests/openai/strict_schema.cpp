#include "tests/openai/strict_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace nd::tests {
namespace json = boost::json;

namespace {

constexpr int most_levels = 5;
constexpr int most_members = 100;
constexpr int most_enum_values = 500;

constexpr std::array<std::string_view, 7> types{"string", "number", "integer", "boolean",
                                                "object", "array",  "null"};
constexpr std::array<std::string_view, 19> keywords{
    "type",     "properties", "required",    "additionalProperties",
    "items",    "enum",       "const",       "anyOf",
    "$ref",     "$defs",      "description", "title",
    "pattern",  "format",     "minimum",     "maximum",
    "minItems", "maxItems",   "multipleOf"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

class walk {
  public:
    // Containers count as levels, the outermost as the first.
    bool judge(const json::value& schema, const std::string& where, int level) {
        if (!schema.is_object()) return fail(where, "a schema must be an object");
        const auto& from = schema.get_object();
        for (const auto& member : from)
            if (!is_in(keywords, member.key()))
                return fail(where,
                            fmt::format("'{}' is not permitted", std::string_view(member.key())));
        if (const auto* values = from.if_contains("enum")) {
            if (!values->is_array()) return fail(where, "enum must be a list");
            enum_values_ += static_cast<int>(values->get_array().size());
            if (enum_values_ > most_enum_values) return fail(where, "too many enum values");
        }
        if (const auto* some = from.if_contains("anyOf")) return judge_each(*some, where, level);
        if (from.contains("$ref")) return true;
        return judge_type(from, where, level);
    }

    std::string fault;

  private:
    bool fail(const std::string& where, std::string_view what) {
        if (fault.empty()) fault = fmt::format("In context=({}), {}.", where, what);
        return false;
    }

    bool judge_each(const json::value& some, const std::string& where, int level) {
        if (!some.is_array() || some.get_array().empty())
            return fail(where, "anyOf must be a list of schemas");
        int number = 0;
        for (const auto& one : some.get_array())
            if (!judge(one, fmt::format("{}, 'anyOf', '{}'", where, number++), level)) return false;
        return true;
    }

    bool judge_type(const json::object& from, const std::string& where, int level) {
        const auto* type = from.if_contains("type");
        if (type == nullptr) return fail(where, "schema must have a 'type' key");
        json::array several;
        if (type->is_array()) {
            several = type->get_array();
        } else {
            several.push_back(*type);
        }
        for (const auto& one : several) {
            if (!one.is_string() || !is_in(types, one.get_string()))
                return fail(where, "an unknown type");
            const auto& name = one.get_string();
            if (name == "object" && !judge_object(from, where, level)) return false;
            if (name == "array" && !judge_array(from, where, level)) return false;
        }
        return !several.empty();
    }

    bool judge_array(const json::object& from, const std::string& where, int level) {
        if (level > most_levels) return fail(where, "it is nested too deeply");
        const auto* items = from.if_contains("items");
        if (items == nullptr) return fail(where, "array schema missing items");
        return judge(*items, where + ", 'items'", level + 1);
    }

    bool judge_object(const json::object& from, const std::string& where, int level) {
        if (level > most_levels) return fail(where, "it is nested too deeply");
        const auto* extra = from.if_contains("additionalProperties");
        if (extra == nullptr || !extra->is_bool() || extra->get_bool())
            return fail(where, "'additionalProperties' is required to be supplied and to be false");
        const auto* members = from.if_contains("properties");
        const auto* required = from.if_contains("required");
        if (members == nullptr || !members->is_object())
            return fail(where, "an object needs 'properties'");
        std::set<std::string> missing;
        for (const auto& member : members->get_object())
            missing.emplace(member.key());
        if (required != nullptr && required->is_array())
            for (const auto& one : required->get_array())
                if (!one.is_string() || missing.erase(std::string(one.get_string())) == 0)
                    return fail(where, "'required' names what is no property");
        if (!missing.empty())
            return fail(where,
                        fmt::format("'required' is required to be supplied and to be an array "
                                    "including every key in properties. Missing '{}'",
                                    *missing.begin()));
        members_ += static_cast<int>(members->get_object().size());
        if (members_ > most_members) return fail(where, "too many properties");
        for (const auto& member : members->get_object())
            if (!judge(member.value(),
                       fmt::format("{}, 'properties', '{}'", where, std::string_view(member.key())),
                       level + 1))
                return false;
        return true;
    }

    int members_ = 0;
    int enum_values_ = 0;
};

}  // namespace

std::optional<std::string> fault_in_strict_schema(const json::value& schema) {
    const auto* root = schema.if_object();
    const auto* type = root == nullptr ? nullptr : root->if_contains("type");
    if (type == nullptr || *type != "object")
        return "schema must be a JSON Schema of 'type: \"object\"'.";
    walk over;
    if (!over.judge(schema, "", 1)) return over.fault.empty() ? "an empty type." : over.fault;
    if (const auto* defined = root->if_contains("$defs"); defined && defined->is_object())
        for (const auto& one : defined->get_object())
            if (!over.judge(one.value(), "'$defs'", 1)) return over.fault;
    return std::nullopt;
}

}  // namespace nd::tests
