#include "model/batch_output.hpp"

#include "model/json_view.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace nd::model {
namespace {

std::optional<batch_line> read_line(std::string_view text) {
    const auto read = parse_json(text);
    if (!read) return std::nullopt;
    batch_line made;
    made.custom_id = text_of(*read, "custom_id");
    if (made.custom_id.empty()) return std::nullopt;
    if (const auto* response = member_of(*read, "response")) {
        made.status = static_cast<int>(
            std::clamp<std::int64_t>(number_of(*response, "status_code").value_or(0), 0, 999));
        made.request_id = text_of(*response, "request_id");
        if (const auto* body = member_of(*response, "body"))
            made.body = boost::json::serialize(*body);
    }
    if (const auto* error = member_of(*read, "error")) {
        made.error_code = text_of(*error, "code");
        made.error_message = text_of(*error, "message");
    }
    return made;
}

void take_lines(std::string_view file, batch_lines& into, std::unordered_set<std::string>& seen) {
    while (!file.empty()) {
        const auto end = std::min(file.find('\n'), file.size());
        const auto text = file.substr(0, end);
        file.remove_prefix(std::min(end + 1, file.size()));
        if (text.find_first_not_of(" \t\r") == text.npos) continue;
        auto line = read_line(text);
        if (!line) {
            ++into.unreadable;
        } else if (!seen.insert(line->custom_id).second) {
            ++into.repeated;
        } else {
            into.lines.push_back(std::move(*line));
        }
    }
}

}  // namespace

batch_lines read_batch_output(std::string_view output, std::string_view errors) {
    batch_lines made;
    std::unordered_set<std::string> seen;
    take_lines(output, made, seen);
    take_lines(errors, made, seen);
    return made;
}

}  // namespace nd::model
