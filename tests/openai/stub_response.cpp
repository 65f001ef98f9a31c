#include "tests/openai/stub_response.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace nd::tests {
namespace json = boost::json;

namespace {

std::string_view status_of(ending how) {
    if (how == ending::failed) return "failed";
    const bool whole = how == ending::completed || how == ending::refusal;
    return whole ? "completed" : "incomplete";
}

json::value or_null(const json::object& body, std::string_view name) {
    const auto* found = body.if_contains(json::string_view(name.data(), name.size()));
    return found == nullptr ? json::value(nullptr) : *found;
}

json::value or_else(const json::object& body, std::string_view name, const json::value& other) {
    const auto found = or_null(body, name);
    return found.is_null() ? other : found;
}

// Thinking comes first, as with the models that think: nobody may rely on the first item.
json::array output_of(const std::string& id, const std::string& text, ending how) {
    if (how == ending::failed) return {};
    json::array made;
    made.push_back(
        json::object{{"id", "rs_" + id}, {"type", "reasoning"}, {"summary", json::array{}}});
    json::object part;
    if (how == ending::refusal) {
        part = {{"type", "refusal"}, {"refusal", "I cannot help with that."}};
    } else {
        const auto shown = how == ending::completed ? text : text.substr(0, text.size() / 2);
        part = {{"type", "output_text"},
                {"text", shown},
                {"annotations", json::array{}},
                {"logprobs", json::array{}}};
    }
    made.push_back(json::object{{"id", "msg_" + id},
                                {"type", "message"},
                                {"role", "assistant"},
                                {"status", status_of(how)},
                                {"content", json::array{std::move(part)}}});
    return made;
}

}  // namespace

stub_usage usage_for(const json::object& body, const std::string& text) {
    const auto asked = json::serialize(body).size();
    return {static_cast<std::int64_t>(asked / 4), static_cast<std::int64_t>(text.size() / 4 + 1)};
}

json::object make_response(const json::object& body, const std::string& id, std::int64_t created_at,
                           const std::string& text, ending how) {
    const auto used = usage_for(body, text);
    json::object made{
        {"id", "resp_" + id},
        {"object", "response"},
        {"created_at", created_at},
        {"status", status_of(how)},
        {"background", false},
        {"error", nullptr},
        {"incomplete_details", nullptr},
        {"instructions", or_null(body, "instructions")},
        {"max_output_tokens", or_null(body, "max_output_tokens")},
        {"max_tool_calls", nullptr},
        {"metadata", or_else(body, "metadata", json::object{})},
        {"model", body.at("model")},
        {"output", output_of(id, text, how)},
        {"parallel_tool_calls", true},
        {"previous_response_id", nullptr},
        {"prompt_cache_key", or_null(body, "prompt_cache_key")},
        {"reasoning", or_else(body, "reasoning", json::object{{"effort", nullptr}})},
        {"safety_identifier", or_null(body, "safety_identifier")},
        {"service_tier", "default"},
        {"store", or_else(body, "store", true)},
        {"temperature", or_else(body, "temperature", 1.0)},
        {"text", or_else(body, "text", json::object{{"format", json::object{{"type", "text"}}}})},
        {"tool_choice", "auto"},
        {"tools", json::array{}},
        {"top_logprobs", 0},
        {"top_p", or_else(body, "top_p", 1.0)},
        {"truncation", "disabled"},
        {"user", nullptr}};
    made["usage"] =
        json::object{{"input_tokens", used.input},
                     {"input_tokens_details", {{"cached_tokens", 0}, {"cache_write_tokens", 0}}},
                     {"output_tokens", used.output},
                     {"output_tokens_details", {{"reasoning_tokens", 0}}},
                     {"total_tokens", used.input + used.output}};
    if (how == ending::max_output_tokens)
        made["incomplete_details"] = {{"reason", "max_output_tokens"}};
    if (how == ending::content_filter) made["incomplete_details"] = {{"reason", "content_filter"}};
    if (how == ending::failed) {
        made["error"] = {{"code", "server_error"}, {"message", "The model failed to answer."}};
        made["usage"] = nullptr;
    }
    return made;
}

}  // namespace nd::tests
