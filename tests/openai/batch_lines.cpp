#include "tests/openai/batch_lines.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace nd::tests {
namespace json = boost::json;

namespace {

constexpr std::size_t most_lines = 50'000;
constexpr std::size_t most_faults = 20;

class reader {
  public:
    explicit reader(std::string_view endpoint) : endpoint_(endpoint) {}

    void take(std::string_view text) {
        ++number_;
        json::error_code ec;
        auto read = json::parse(json::string_view(text.data(), text.size()), ec);
        if (ec || !read.is_object())
            return fault("invalid_json_line", "This line is not parseable as valid JSON.", "");
        const auto& from = read.get_object();
        for (const auto& member : from)
            if (member.key() != "custom_id" && member.key() != "method" && member.key() != "url" &&
                member.key() != "body")
                return fault(
                    "unknown_parameter",
                    fmt::format("Unknown parameter: '{}'.", std::string_view(member.key())),
                    std::string(member.key()));
        const auto* id = from.if_contains("custom_id");
        if (id == nullptr || !id->is_string() || id->get_string().empty() ||
            id->get_string().size() > 64)
            return fault("invalid_custom_id",
                         "The custom_id must be a string of 1 to 64 characters.", "custom_id");
        if (!ids_.insert(std::string(id->get_string())).second)
            return fault("duplicate_custom_id",
                         "The custom_id for this request is a duplicate of another request. The "
                         "custom_id parameter must be unique for each request in a batch.",
                         "custom_id");
        judge_target(from, std::string(id->get_string()));
    }

    std::vector<batch_input_line> lines;
    json::array faults;

    void fault(const std::string& code, const std::string& message, const std::string& param) {
        if (faults.size() >= most_faults) return;
        faults.push_back(
            json::object{{"code", code},
                         {"message", message},
                         {"param", param.empty() ? json::value(nullptr) : json::value(param)},
                         {"line", number_ > 0 ? json::value(number_) : json::value(nullptr)}});
    }

  private:
    void judge_target(const json::object& from, std::string id) {
        const auto* method = from.if_contains("method");
        const auto* url = from.if_contains("url");
        const auto* body = from.if_contains("body");
        if (method == nullptr || *method != "POST")
            return fault("invalid_method", "The method must be POST.", "method");
        if (url == nullptr || !url->is_string() || std::string_view(url->get_string()) != endpoint_)
            return fault("url_mismatch",
                         "The URL provided for this request does not match the batch endpoint.",
                         "url");
        if (body == nullptr || !body->is_object())
            return fault("missing_required_parameter", "Missing required parameter: 'body'.",
                         "body");
        const auto* model = body->get_object().if_contains("model");
        const auto name = model != nullptr && model->is_string() ? std::string(model->get_string())
                                                                 : std::string();
        if (lines.empty()) model_ = name;
        if (name != model_)
            return fault("model_mismatch", "All requests in a batch must use the same model.",
                         "model");
        lines.push_back({std::move(id), body->get_object()});
    }

    std::string_view endpoint_;
    std::int64_t number_ = 0;
    std::set<std::string> ids_;
    std::string model_;
};

json::object line_of(const std::string& id, const std::string& custom_id) {
    return {{"id", id}, {"custom_id", custom_id}};
}

}  // namespace

std::variant<std::vector<batch_input_line>, json::array> read_batch_input(
    std::string_view file, std::string_view endpoint) {
    reader made(endpoint);
    std::size_t count = 0;
    while (!file.empty()) {
        const auto end = std::min(file.find('\n'), file.size());
        if (end > 0) {
            ++count;
            made.take(file.substr(0, end));
        }
        file.remove_prefix(std::min(end + 1, file.size()));
    }
    if (count == 0) made.fault("empty_file", "The batch input file is empty.", "");
    if (count > most_lines)
        made.fault("too_many_tasks", "The batch holds more than 50000 requests.", "");
    if (!made.faults.empty()) return std::move(made.faults);
    return std::move(made.lines);
}

std::string output_line(const std::string& id, const std::string& custom_id, int status,
                        const json::object& body) {
    auto line = line_of(id, custom_id);
    line["response"] =
        json::object{{"status_code", status}, {"request_id", "req_" + id}, {"body", body}};
    line["error"] = nullptr;
    return json::serialize(line) + "\n";
}

std::string unworked_line(const std::string& id, const std::string& custom_id,
                          const std::string& code) {
    auto line = line_of(id, custom_id);
    line["response"] = nullptr;
    line["error"] =
        json::object{{"code", code}, {"message", "This request could not be executed in time."}};
    return json::serialize(line) + "\n";
}

}  // namespace nd::tests
