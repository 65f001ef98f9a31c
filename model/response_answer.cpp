#include "model/response_answer.hpp"

#include "model/json_view.hpp"

namespace nd::model {
namespace json = boost::json;

namespace {

// Items of other kinds (thinking, tools) may come before the message and between its parts.
void take_content(const json::value& response, std::string& text, std::string& refusal) {
    const auto* output = list_of(response, "output");
    if (output == nullptr) return;
    for (const auto& item : *output) {
        const auto* content = list_of(item, "content");
        if (text_of(item, "type") != "message" || content == nullptr) continue;
        for (const auto& part : *content) {
            const auto kind = text_of(part, "type");
            if (kind == "output_text") text += text_of(part, "text");
            if (kind == "refusal") refusal += text_of(part, "refusal");
        }
    }
}

std::optional<token_usage> usage_of(const json::value& response) {
    const auto* from = member_of(response, "usage");
    if (from == nullptr) return std::nullopt;
    const auto input = number_of(*from, "input_tokens");
    const auto output = number_of(*from, "output_tokens");
    if (!input || !output || *input < 0 || *output < 0) return std::nullopt;
    const auto* details = member_of(*from, "input_tokens_details");
    const auto cached =
        details == nullptr ? std::int64_t{0} : number_of(*details, "cached_tokens").value_or(0);
    return token_usage{*input, cached, *output};
}

}  // namespace

base::result<response_answer> read_response(std::string_view body) {
    const auto read = parse_json(body);
    const auto status = read ? text_of(*read, "status") : std::string();
    if (status.empty())
        return base::failure(base::errc::data, "the answer is no response object in JSON");
    using outcome = response_answer::outcome;
    response_answer made;
    made.id = text_of(*read, "id");
    made.model = text_of(*read, "model");
    made.usage = usage_of(*read);
    std::string refusal;
    take_content(*read, made.text, refusal);
    if (status == "completed") {
        made.what = refusal.empty() ? outcome::completed : outcome::refusal;
        if (!refusal.empty()) made.text = std::move(refusal);
    } else if (status == "incomplete") {
        made.what = outcome::incomplete;
        const auto* details = member_of(*read, "incomplete_details");
        made.reason = details == nullptr ? "" : text_of(*details, "reason");
    } else if (status == "failed") {
        made.what = outcome::failed;
        if (const auto* error = member_of(*read, "error")) {
            made.reason = text_of(*error, "code");
            made.text = text_of(*error, "message");
        }
    } else {
        made.what = outcome::unfinished;
        made.reason = status;
    }
    return made;
}

}  // namespace nd::model
