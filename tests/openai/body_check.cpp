#include "tests/openai/body_check.hpp"

#include "tests/openai/strict_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <string_view>

namespace nd::tests {
namespace json = boost::json;

namespace {

using fault = std::optional<stub_error>;
using check = fault (*)(const json::value& value, const std::string& param);

fault refuse(const std::string& param, const std::string& message, const std::string& code) {
    return stub_error{400, message, "invalid_request_error", param, code};
}

fault wrong_type(const std::string& param, std::string_view wanted) {
    return refuse(param, fmt::format("Invalid type for '{}': expected {}.", param, wanted),
                  "invalid_type");
}

fault text(const json::value& value, const std::string& param) {
    return value.is_string() ? std::nullopt : wrong_type(param, "a string");
}
fault flag(const json::value& value, const std::string& param) {
    return value.is_bool() ? std::nullopt : wrong_type(param, "a boolean");
}
fault object(const json::value& value, const std::string& param) {
    return value.is_object() ? std::nullopt : wrong_type(param, "an object");
}
fault list(const json::value& value, const std::string& param) {
    return value.is_array() ? std::nullopt : wrong_type(param, "an array");
}
fault anything(const json::value&, const std::string&) {
    return std::nullopt;
}

fault one_of(const json::value& value, const std::string& param,
             std::initializer_list<std::string_view> words) {
    if (!value.is_string()) return wrong_type(param, "a string");
    const std::string_view is = value.get_string();
    if (std::find(words.begin(), words.end(), is) != words.end()) return std::nullopt;
    return refuse(param, fmt::format("Invalid value: '{}'.", is), "invalid_value");
}

fault between(const json::value& value, const std::string& param, double lowest, double highest) {
    if (!value.is_number()) return wrong_type(param, "a number");
    const auto number = value.to_number<double>();
    if (number >= lowest && number <= highest) return std::nullopt;
    return refuse(param, fmt::format("Invalid '{}': out of range.", param), "number_out_of_range");
}

fault short_text(const json::value& value, const std::string& param) {
    if (!value.is_string()) return wrong_type(param, "a string");
    if (value.get_string().size() <= 64) return std::nullopt;
    return refuse(param, fmt::format("Invalid '{}': string too long.", param),
                  "string_above_max_length");
}

fault max_output_tokens(const json::value& value, const std::string& param) {
    if (!value.is_int64() && !value.is_uint64()) return wrong_type(param, "an integer");
    if (value.to_number<std::int64_t>() >= 16) return std::nullopt;
    return refuse(param, fmt::format("Invalid '{}': integer below minimum value.", param),
                  "integer_below_min_value");
}

using rules = std::map<std::string, check, std::less<>>;

fault members(const json::value& value, const std::string& param, const rules& known) {
    if (!value.is_object()) return wrong_type(param, "an object");
    for (const auto& member : value.get_object()) {
        const std::string name(member.key());
        auto full = param;
        if (!full.empty()) full += '.';
        full += name;
        const auto rule = known.find(name);
        if (rule == known.end())
            return refuse(full, fmt::format("Unknown parameter: '{}'.", full), "unknown_parameter");
        if (member.value().is_null()) continue;
        if (auto found = rule->second(member.value(), full)) return found;
    }
    return std::nullopt;
}

fault missing(const std::string& param) {
    return refuse(param, fmt::format("Missing required parameter: '{}'.", param),
                  "missing_required_parameter");
}

fault input_part(const json::value& part, const std::string& param) {
    static const rules known{
        {"type", [](const auto& v, const auto& p) { return one_of(v, p, {"input_text"}); }},
        {"text", text}};
    if (auto found = members(part, param, known)) return found;
    const auto& from = part.get_object();
    if (!from.contains("type")) return missing(param + ".type");
    return from.contains("text") ? std::nullopt : missing(param + ".text");
}

fault input_content(const json::value& content, const std::string& param) {
    if (content.is_string()) return std::nullopt;
    if (!content.is_array()) return wrong_type(param, "a string or an array");
    int number = 0;
    for (const auto& part : content.get_array())
        if (auto found = input_part(part, fmt::format("{}[{}]", param, number++))) return found;
    return std::nullopt;
}

fault input_item(const json::value& item, const std::string& param) {
    static const rules known{
        {"type", [](const auto& v, const auto& p) { return one_of(v, p, {"message"}); }},
        {"role",
         [](const auto& v, const auto& p) {
             return one_of(v, p, {"user", "assistant", "system", "developer"});
         }},
        {"content", input_content},
        {"status", text}};
    if (auto found = members(item, param, known)) return found;
    const auto& from = item.get_object();
    if (!from.contains("role")) return missing(param + ".role");
    return from.contains("content") ? std::nullopt : missing(param + ".content");
}

fault input(const json::value& value, const std::string& param) {
    if (value.is_string()) return std::nullopt;
    if (!value.is_array()) return wrong_type(param, "a string or an array");
    int number = 0;
    for (const auto& item : value.get_array())
        if (auto found = input_item(item, fmt::format("{}[{}]", param, number++))) return found;
    return std::nullopt;
}

fault schema_name(const json::value& value, const std::string& param) {
    static const std::regex pattern("[A-Za-z0-9_-]{1,64}");
    if (value.is_string() && std::regex_match(std::string(value.get_string()), pattern))
        return std::nullopt;
    return refuse(param, fmt::format("Invalid '{}': it must match ^[a-zA-Z0-9_-]+$.", param),
                  "invalid_value");
}

fault text_format(const json::value& value, const std::string& param) {
    static const rules known{{"type",
                              [](const auto& v, const auto& p) {
                                  return one_of(v, p, {"text", "json_object", "json_schema"});
                              }},
                             {"name", schema_name},
                             {"schema", object},
                             {"strict", flag},
                             {"description", text}};
    if (auto found = members(value, param, known)) return found;
    const auto& from = value.get_object();
    if (!from.contains("type")) return missing(param + ".type");
    if (from.at("type") != "json_schema") return std::nullopt;
    if (!from.contains("name")) return missing(param + ".name");
    if (!from.contains("schema")) return missing(param + ".schema");
    const auto* strict = from.if_contains("strict");
    if (strict == nullptr || *strict != true) return std::nullopt;
    if (const auto wrong = fault_in_strict_schema(from.at("schema")))
        return refuse(param + ".schema",
                      fmt::format("Invalid schema for response_format '{}': {}",
                                  std::string_view(from.at("name").as_string()), *wrong),
                      "invalid_json_schema");
    return std::nullopt;
}

fault text_settings(const json::value& value, const std::string& param) {
    static const rules known{{"format", text_format},
                             {"verbosity", [](const auto& v, const auto& p) {
                                  return one_of(v, p, {"low", "medium", "high"});
                              }}};
    return members(value, param, known);
}

fault reasoning(const json::value& value, const std::string& param) {
    static const rules known{
        {"effort",
         [](const auto& v, const auto& p) {
             return one_of(v, p, {"none", "minimal", "low", "medium", "high", "xhigh", "max"});
         }},
        {"summary",
         [](const auto& v, const auto& p) {
             return one_of(v, p, {"auto", "concise", "detailed"});
         }},
        {"generate_summary", text},
        {"context", text},
        {"mode", text}};
    return members(value, param, known);
}

const rules& known_members() {
    static const rules known{
        {"access_programs", object},
        {"background", flag},
        {"background_options", object},
        {"conversation", anything},
        {"context_management", list},
        {"image", object},
        {"include", list},
        {"input", input},
        {"instructions", text},
        {"max_output_tokens", max_output_tokens},
        {"max_tool_calls", anything},
        {"metadata", fault_in_metadata},
        {"model", text},
        {"moderation", object},
        {"parallel_tool_calls", flag},
        {"previous_response_id", text},
        {"prompt", object},
        {"prompt_cache_key", text},
        {"prompt_cache_options", object},
        {"prompt_cache_retention", text},
        {"reasoning", reasoning},
        {"safety_identifier", short_text},
        {"service_tier",
         [](const auto& v, const auto& p) {
             return one_of(v, p,
                           {"auto", "default", "flex", "scale", "priority", "fast", "ultrafast"});
         }},
        {"store", flag},
        {"stream", flag},
        {"stream_options", object},
        {"temperature", [](const auto& v, const auto& p) { return between(v, p, 0, 2); }},
        {"text", text_settings},
        {"tool_choice", anything},
        {"tools", list},
        {"top_logprobs", [](const auto& v, const auto& p) { return between(v, p, 0, 20); }},
        {"top_p", [](const auto& v, const auto& p) { return between(v, p, 0, 1); }},
        {"truncation",
         [](const auto& v, const auto& p) {
             return one_of(v, p, {"auto", "disabled"});
         }},
        {"user", text}};
    return known;
}

}  // namespace

fault fault_in_metadata(const json::value& metadata, const std::string& param) {
    if (!metadata.is_object()) return wrong_type(param, "an object");
    if (metadata.get_object().size() > 16)
        return refuse(param, fmt::format("Invalid '{}': too many properties.", param),
                      "object_above_max_properties");
    for (const auto& pair : metadata.get_object()) {
        const auto full = param + "." + std::string(pair.key());
        if (!pair.value().is_string()) return wrong_type(full, "a string");
        if (pair.key().size() > 64 || pair.value().get_string().size() > 512)
            return refuse(full, fmt::format("Invalid '{}': string too long.", full),
                          "string_above_max_length");
    }
    return std::nullopt;
}

fault fault_in_response_body(const json::value& body, const std::set<std::string>& models) {
    if (!body.is_object())
        return refuse("", "We could not parse the JSON body of your request.", "");
    if (auto found = members(body, "", known_members())) return found;
    const auto& from = body.get_object();
    const auto* model = from.if_contains("model");
    if (model == nullptr || model->is_null()) return missing("model");
    if (!models.contains(std::string(model->get_string())))
        return refuse("model",
                      fmt::format("The requested model '{}' does not exist.",
                                  std::string_view(model->get_string())),
                      "model_not_found");
    if (!from.contains("input")) return missing("input");
    const auto* stream = from.if_contains("stream");
    if (stream != nullptr && *stream == true)
        return refuse("stream", "This stand-in does not stream.", "unsupported_value");
    return std::nullopt;
}

}  // namespace nd::tests
