#include "model/batch_object.hpp"

#include "model/json_view.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace nd::model {
namespace json = boost::json;

namespace {

constexpr std::array<std::pair<batch_status, std::string_view>, 8> names{
    {{batch_status::validating, "validating"},
     {batch_status::in_progress, "in_progress"},
     {batch_status::finalizing, "finalizing"},
     {batch_status::cancelling, "cancelling"},
     {batch_status::completed, "completed"},
     {batch_status::expired, "expired"},
     {batch_status::cancelled, "cancelled"},
     {batch_status::failed, "failed"}}};

base::error no_object(std::string_view what) {
    return base::failure(base::errc::data, fmt::format("the answer is no {} in JSON", what));
}

void take_metadata(const json::value& from, batch_object& into) {
    const auto* all = member_of(from, "metadata");
    if (all == nullptr || !all->is_object()) return;
    for (const auto& [name, value] : all->get_object())
        if (value.is_string())
            into.metadata[std::string(name.data(), name.size())] =
                std::string(value.get_string().data(), value.get_string().size());
}

void take_faults(const json::value& from, batch_object& into) {
    const auto* errors = member_of(from, "errors");
    const auto* data = errors == nullptr ? nullptr : list_of(*errors, "data");
    if (data == nullptr) return;
    for (const auto& one : *data)
        into.faults.push_back(
            {text_of(one, "code"), text_of(one, "message"), number_of(one, "line").value_or(0)});
}

std::optional<batch_object> batch_of(const json::value& from) {
    batch_object made;
    made.id = text_of(from, "id");
    const auto status = text_of(from, "status");
    if (made.id.empty() || status.empty()) return std::nullopt;
    for (const auto& [is, name] : names)
        if (name == status) made.status = is;
    made.input_file_id = text_of(from, "input_file_id");
    made.output_file_id = text_of(from, "output_file_id");
    made.error_file_id = text_of(from, "error_file_id");
    made.created_at = number_of(from, "created_at").value_or(0);
    if (const auto* counts = member_of(from, "request_counts")) {
        made.total = number_of(*counts, "total").value_or(0);
        made.completed = number_of(*counts, "completed").value_or(0);
        made.failed = number_of(*counts, "failed").value_or(0);
    }
    take_metadata(from, made);
    take_faults(from, made);
    return made;
}

}  // namespace

bool has_ended(batch_status is) noexcept {
    return is == batch_status::completed || is == batch_status::expired ||
           is == batch_status::cancelled || is == batch_status::failed;
}

std::string_view to_string(batch_status is) noexcept {
    for (const auto& [one, name] : names)
        if (one == is) return name;
    return "other";
}

base::result<batch_object> read_batch(std::string_view body) {
    const auto read = parse_json(body);
    auto made = read ? batch_of(*read) : std::nullopt;
    if (!made) return no_object("batch");
    return std::move(*made);
}

base::result<batch_list> read_batch_list(std::string_view body) {
    const auto read = parse_json(body);
    const auto* data = read ? list_of(*read, "data") : nullptr;
    if (data == nullptr) return no_object("list of batches");
    batch_list made;
    for (const auto& one : *data) {
        auto batch = batch_of(one);
        if (!batch) return no_object("list of batches");
        made.batches.push_back(std::move(*batch));
    }
    const auto* more = member_of(*read, "has_more");
    made.has_more = more != nullptr && more->is_bool() && more->get_bool();
    made.last_id = text_of(*read, "last_id");
    if (made.last_id.empty() && !made.batches.empty()) made.last_id = made.batches.back().id;
    return made;
}

base::result<std::string> read_id(std::string_view body) {
    const auto read = parse_json(body);
    auto id = read ? text_of(*read, "id") : std::string();
    if (id.empty()) return no_object("object with an id");
    return id;
}

}  // namespace nd::model
