#include "tests/openai/stub_batches.hpp"

#include "tests/openai/batch_lines.hpp"
#include "tests/openai/body_check.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace nd::tests {
namespace json = boost::json;

namespace {

using created = std::variant<json::object, stub_error>;

stub_error refuse(std::string message, std::string param, std::string code) {
    return {400, std::move(message), "invalid_request_error", std::move(param), std::move(code)};
}

std::optional<stub_error> judge(const json::value& body) {
    if (!body.is_object()) return refuse("We could not parse the JSON body.", "", "");
    const auto& from = body.get_object();
    static const std::set<std::string> known{"input_file_id", "endpoint", "completion_window",
                                             "metadata", "output_expires_after"};
    for (const auto& member : from)
        if (const std::string name(member.key()); !known.contains(name))
            return refuse(fmt::format("Unknown parameter: '{}'.", name), name, "unknown_parameter");
    for (const auto* name : {"input_file_id", "endpoint", "completion_window"})
        if (const auto* found = from.if_contains(name); found == nullptr || !found->is_string())
            return refuse(fmt::format("Missing required parameter: '{}'.", name), name,
                          "missing_required_parameter");
    if (from.at("completion_window") != "24h")
        return refuse("Invalid value for 'completion_window': it must be '24h'.",
                      "completion_window", "invalid_value");
    if (from.at("endpoint") != "/v1/responses")
        return refuse("Invalid value for 'endpoint': this stand-in has /v1/responses.", "endpoint",
                      "invalid_value");
    if (const auto* expiry = from.if_contains("output_expires_after")) {
        const auto* anchor =
            expiry->is_object() ? expiry->get_object().if_contains("anchor") : nullptr;
        const auto* seconds =
            expiry->is_object() ? expiry->get_object().if_contains("seconds") : nullptr;
        if (anchor == nullptr || *anchor != "created_at" || seconds == nullptr ||
            !seconds->is_int64() || seconds->get_int64() < 3600 || seconds->get_int64() > 2592000)
            return refuse("Invalid 'output_expires_after'.", "output_expires_after",
                          "invalid_value");
    }
    const auto* metadata = from.if_contains("metadata");
    if (metadata == nullptr || metadata->is_null()) return std::nullopt;
    return fault_in_metadata(*metadata, "metadata");
}

json::object new_batch(const std::string& id, const json::object& from, std::int64_t now) {
    json::object made{{"id", id},
                      {"object", "batch"},
                      {"endpoint", from.at("endpoint")},
                      {"errors", nullptr},
                      {"input_file_id", from.at("input_file_id")},
                      {"completion_window", "24h"},
                      {"status", "validating"},
                      {"output_file_id", nullptr},
                      {"error_file_id", nullptr},
                      {"created_at", now},
                      {"expires_at", now + 24L * 3600}};
    for (const auto* name : {"in_progress_at", "finalizing_at", "completed_at", "failed_at",
                             "expired_at", "cancelling_at", "cancelled_at"})
        made[name] = nullptr;
    made["request_counts"] = json::object{{"total", 0}, {"completed", 0}, {"failed", 0}};
    const auto* metadata = from.if_contains("metadata");
    made["metadata"] = metadata == nullptr ? json::value(nullptr) : *metadata;
    return made;
}

// What a fate puts in the place of work on a line.
std::optional<stub_error> fault_of_line(const std::string& fate, std::size_t number) {
    if (fate == "no_money")
        return stub_error{429, "You exceeded your current quota.", "insufficient_quota", "",
                          "insufficient_quota"};
    if (fate == "partial" && number % 2 == 0)
        return stub_error{500, "The server had an error.", "server_error", "", ""};
    return std::nullopt;
}

void enter(json::object& shown, const std::string& status, std::int64_t now) {
    shown["status"] = status;
    shown[status + "_at"] = now;
}

bool is_over(std::string_view status) {
    return status == "completed" || status == "failed" || status == "expired" ||
           status == "cancelled";
}

}  // namespace

created stub_batches::create(const json::value& body, const std::optional<stub_fault>& fate,
                             moment now) {
    if (auto fault = judge(body)) return *fault;
    const auto& from = body.get_object();
    const std::string file(from.at("input_file_id").as_string());
    if (files_.find(file, now.unix) == nullptr)
        return refuse(fmt::format("Invalid input file ID provided: {}", file), "input_file_id",
                      "invalid_input_file_id");
    batch made;
    made.id = fmt::format("batch_stub{}", ++made_);
    made.fate = fate ? fate->kind : "";
    made.shown = new_batch(made.id, from, now.unix);
    made.next = now.steady + phase_;
    made.created = now.unix;
    all_.push_front(std::move(made));
    return all_.front().shown;
}

stub_batches::batch* stub_batches::find(const std::string& id) {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const batch& one) { return one.id == id; });
    return found == all_.end() ? nullptr : &*found;
}

std::optional<json::object> stub_batches::look(const std::string& id, moment now) {
    auto* one = find(id);
    if (one == nullptr) return std::nullopt;
    advance(*one, now);
    return one->shown;
}

created stub_batches::cancel(const std::string& id, moment now) {
    auto* one = find(id);
    if (one == nullptr)
        return stub_error{404, "No batch found with id '" + id + "'.", "invalid_request_error", "",
                          ""};
    advance(*one, now);
    const std::string status(one->shown.at("status").as_string());
    if (is_over(status))
        return stub_error{409, "Cannot cancel a batch with status '" + status + "'.",
                          "invalid_request_error", "", ""};
    if (status != "cancelling") {
        enter(one->shown, "cancelling", now.unix);
        one->next = now.steady + phase_;
    }
    return one->shown;
}

json::object stub_batches::list(const std::string& after, std::size_t limit, moment now) {
    json::array data;
    bool begun = after.empty();
    bool more = false;
    for (auto& one : all_) {
        if (begun && data.size() == limit) more = true;
        if (begun && data.size() < limit) {
            advance(one, now);
            data.push_back(one.shown);
        }
        begun = begun || one.id == after;
    }
    json::object made{{"object", "list"}, {"has_more", more}};
    made["first_id"] = data.empty() ? json::value(nullptr) : data.front().at("id");
    made["last_id"] = data.empty() ? json::value(nullptr) : data.back().at("id");
    made["data"] = std::move(data);
    return made;
}

void stub_batches::advance(batch& one, moment now) {
    while (!is_over(one.shown.at("status").as_string()) && now.steady >= one.next) {
        if (one.fate == "stuck" && one.shown.at("status") == "in_progress") return;
        step(one, now.unix);
        one.next += phase_;
    }
}

void stub_batches::step(batch& one, std::int64_t now) {
    constexpr std::size_t all = 50'000;
    const std::string status(one.shown.at("status").as_string());
    if (status == "validating") return validate(one, now);
    if (status == "in_progress") {
        if (one.fate == "expired") {
            work_on(one, one.worked_on / 2, "batch_expired", now);
            return end(one, "expired", now);
        }
        work_on(one, all, "", now);
        return enter(one.shown, "finalizing", now);
    }
    if (status == "finalizing") return end(one, "completed", now);
    if (status == "cancelling") {
        // What was done before counts; otherwise half of it was.
        if (one.shown.at("output_file_id").is_null() && one.shown.at("error_file_id").is_null())
            work_on(one, one.worked_on / 2, "batch_cancelled", now);
        end(one, "cancelled", now);
    }
}

void stub_batches::validate(batch& one, std::int64_t now) {
    const auto* file = files_.find(std::string(one.shown.at("input_file_id").as_string()), now);
    auto read = read_batch_input(file == nullptr ? "" : file->content,
                                 std::string_view(one.shown.at("endpoint").as_string()));
    if (one.fate == "failed")
        read = json::array{json::object{{"code", "token_limit_exceeded"},
                                        {"message", "Enqueued token limit reached."},
                                        {"param", nullptr},
                                        {"line", nullptr}}};
    if (auto* faults = std::get_if<json::array>(&read)) {
        one.shown["errors"] = json::object{{"object", "list"}, {"data", std::move(*faults)}};
        return end(one, "failed", now);
    }
    one.worked_on = std::get<0>(read).size();
    one.shown["request_counts"].as_object()["total"] = one.worked_on;
    enter(one.shown, "in_progress", now);
}

// The first `most` lines; the others are told of with `why_not`.
void stub_batches::work_on(batch& one, std::size_t most, const std::string& why_not,
                           std::int64_t now) {
    const auto* file = files_.find(std::string(one.shown.at("input_file_id").as_string()), now);
    auto read = read_batch_input(file == nullptr ? "" : file->content, "/v1/responses");
    if (read.index() != 0) return;
    std::vector<std::string> outputs;
    std::string errors;
    std::size_t done = 0, failed = 0, number = 0;
    for (const auto& line : std::get<0>(read)) {
        const auto id = fmt::format("batch_req_{}_{}", one.id, ++number);
        if (number > most) {
            errors += unworked_line(id, line.custom_id, why_not);
            ++failed;
            continue;
        }
        const auto fault = fault_of_line(one.fate, number);
        auto got = fault ? std::variant<json::object, stub_error>(*fault) : work_(line.body);
        // Worked on, and its answer in no file.
        if (one.fate == "missing" && number % 2 == 0) continue;
        if (const auto* refused = std::get_if<stub_error>(&got)) {
            errors += output_line(id, line.custom_id, refused->status, refused->to_json());
            ++failed;
        } else {
            outputs.push_back(output_line(id, line.custom_id, 200, std::get<json::object>(got)));
            ++done;
        }
    }
    std::string output;  // the last comes first: nobody may rely on the order
    for (auto line = outputs.rbegin(); line != outputs.rend(); ++line)
        output += *line;
    if (one.fate == "garbled_lines") output += "{\"custom_id\":\n";
    const auto keep = [&](const std::string& name, std::string text) {
        return json::value(files_.keep(name, "batch_output", std::move(text), now, {}).id);
    };
    if (!output.empty()) one.shown["output_file_id"] = keep("output.jsonl", std::move(output));
    if (!errors.empty()) one.shown["error_file_id"] = keep("errors.jsonl", std::move(errors));
    one.shown["request_counts"] =
        json::object{{"total", done + failed}, {"completed", done}, {"failed", failed}};
}

void stub_batches::end(batch& one, const std::string& status, std::int64_t now) {
    enter(one.shown, status, now);
}

}  // namespace nd::tests
