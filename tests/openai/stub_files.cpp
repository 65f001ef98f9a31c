#include "tests/openai/stub_files.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace nd::tests {
namespace json = boost::json;

namespace {

struct form_part {
    std::string file_name;
    std::string value;
};
using form = std::map<std::string, form_part, std::less<>>;

// The value of name="..." in a part's head.
std::string quoted(std::string_view head, std::string_view name) {
    const auto key = fmt::format("{}=\"", name);
    auto at = head.find("; " + key);
    if (at == head.npos) return {};
    at += 2 + key.size();
    return std::string(head.substr(at, head.find('"', at) - at));
}

std::optional<form> parse_form(const stub_request& from) {
    const std::string_view type = from.content_type;
    const auto at = type.find("boundary=");
    if (!type.starts_with("multipart/form-data") || at == type.npos) return std::nullopt;
    auto mark = type.substr(at + 9);
    mark = mark.substr(0, mark.find(';'));
    if (mark.starts_with('"') && mark.ends_with('"')) mark = mark.substr(1, mark.size() - 2);
    const auto line = fmt::format("--{}", mark);
    form made;
    std::string_view rest = from.body;
    if (!rest.starts_with(line)) return std::nullopt;
    rest.remove_prefix(line.size());
    while (!rest.starts_with("--")) {
        const auto head_end = rest.find("\r\n\r\n");
        const auto end = rest.find("\r\n" + line, head_end);
        if (head_end == rest.npos || end == rest.npos) return std::nullopt;
        const auto head = rest.substr(0, head_end);
        const auto name = quoted(head, "name");
        if (name.empty()) return std::nullopt;
        made[name] = {quoted(head, "filename"),
                      std::string(rest.substr(head_end + 4, end - head_end - 4))};
        rest.remove_prefix(end + 2 + line.size());
    }
    return made;
}

stub_error refuse(std::string message, std::string param) {
    return {400, std::move(message), "invalid_request_error", std::move(param), ""};
}

std::optional<std::int64_t> seconds_of(const form& parts) {
    const auto seconds = parts.find("expires_after[seconds]");
    if (seconds == parts.end()) return std::nullopt;
    std::int64_t value = -1;
    const auto& text = seconds->second.value;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::optional<stub_error> judge(const form& parts) {
    for (const auto& [name, part] : parts)
        if (name != "file" && name != "purpose" && !name.starts_with("expires_after["))
            return stub_error{400, fmt::format("Unknown parameter: '{}'.", name),
                              "invalid_request_error", name, "unknown_parameter"};
    const auto file = parts.find("file");
    const auto purpose = parts.find("purpose");
    if (file == parts.end() || file->second.file_name.empty())
        return refuse("'file' is a required property", "file");
    if (purpose == parts.end()) return refuse("'purpose' is a required property", "purpose");
    if (purpose->second.value != "batch")
        return refuse("This stand-in takes files for batches only.", "purpose");
    if (!file->second.file_name.ends_with(".jsonl"))
        return refuse("Invalid file format for Batch API. Must be .jsonl", "");
    if (file->second.value.empty()) return refuse("File is empty.", "file");
    if (file->second.value.size() > 200'000'000) return refuse("File is too large.", "file");
    if (const auto seconds = seconds_of(parts)) {
        const auto anchor = parts.find("expires_after[anchor]");
        if (anchor == parts.end() || anchor->second.value != "created_at" || *seconds < 3600 ||
            *seconds > 2592000)
            return refuse("Invalid 'expires_after'.", "expires_after");
    }
    return std::nullopt;
}

}  // namespace

json::object stub_file::to_json() const {
    return {{"id", id},
            {"object", "file"},
            {"bytes", content.size()},
            {"created_at", created_at},
            {"expires_at", expires_at ? json::value(*expires_at) : json::value(nullptr)},
            {"filename", name},
            {"purpose", purpose},
            {"status", "processed"},
            {"status_details", nullptr}};
}

std::variant<const stub_file*, stub_error> stub_files::upload(const stub_request& from,
                                                              std::int64_t now) {
    const auto parts = parse_form(from);
    if (!parts) return refuse("We could not parse your multipart form.", "");
    if (auto fault = judge(*parts)) return *fault;
    const auto seconds = seconds_of(*parts);
    const auto expires = seconds ? std::optional(now + *seconds) : std::nullopt;
    const auto& file = parts->at("file");
    return &keep(file.file_name, "batch", file.value, now, expires);
}

const stub_file& stub_files::keep(std::string name, std::string purpose, std::string content,
                                  std::int64_t now, std::optional<std::int64_t> expires_at) {
    auto id = fmt::format("file-stub{}", ++made_);
    return files_[id] = {id,  std::move(name), std::move(purpose), std::move(content),
                         now, expires_at};
}

const stub_file* stub_files::find(const std::string& id, std::int64_t now) const {
    const auto found = files_.find(id);
    if (found == files_.end()) return nullptr;
    const auto& file = found->second;
    return file.expires_at && *file.expires_at <= now ? nullptr : &file;
}

}  // namespace nd::tests
