#include "schema/event_scan.hpp"

#include "schema/batch.hpp"
#include "schema/event_members.hpp"
#include "schema/json_cursor.hpp"

#include <fmt/format.h>

#include <vector>

namespace nd::schema {
namespace {

base::error no_event(std::string_view code, std::string_view detail) {
    return base::failure(base::errc::data, fmt::format("{}: {}", code, detail));
}

}  // namespace

struct event_scanner::inside {
    std::vector<char> record;
    json_cursor cursor;
    event_draft draft;

    base::error not_json() {
        const json_error& error = cursor.error();
        return no_event("not_json", fmt::format("byte {}: {}", error.at, error.what));
    }
};

event_scanner::event_scanner() : inside_(std::make_unique<inside>()) {}
event_scanner::~event_scanner() = default;
event_scanner::event_scanner(event_scanner&&) noexcept = default;
event_scanner& event_scanner::operator=(event_scanner&&) noexcept = default;

base::result<event_view> event_scanner::scan(std::string_view record) {
    auto& [copy, cursor, draft] = *inside_;
    copy.resize(record.size() + batch_padding);
    record.copy(copy.data(), record.size());
    switch (cursor.start(copy.data(), record.size())) {
        case json_tokens::outcome::indexed: break;
        case json_tokens::outcome::empty: return no_event("not_json", "the record is empty");
        case json_tokens::outcome::not_utf8:
            return no_event(to_string(event_code::invalid_utf8), "the record is not UTF-8");
        case json_tokens::outcome::broken_string: {
            const auto place = find_broken_string(record);
            return no_event("not_json", fmt::format("byte {}: {}", place.at, place.what));
        }
    }
    if (!read_event(cursor, draft) || !cursor.end()) return inside_->not_json();
    if (draft.fault) return no_event(to_string(draft.fault->code), draft.fault->detail);
    return draft.view;
}

}  // namespace nd::schema
