#include "schema/batch.hpp"

#include "schema/event_members.hpp"
#include "schema/event_rules.hpp"
#include "schema/json_cursor.hpp"
#include "schema/limits.hpp"
#include "schema/seen_events.hpp"
#include "schema/utf8.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace nd::schema {
namespace {

problem not_json(std::size_t at, std::string_view what) {
    return {problem_code::not_json, fmt::format("the body is not JSON: byte {}: {}", at, what)};
}

problem wrong_shape(std::string_view what) {
    return {problem_code::wrong_shape,
            fmt::format("the body must be {{\"events\":[...]}}: {}", what)};
}

}  // namespace

struct batch_scanner::inside {
    json_cursor cursor;
    bad_utf8 bad;
    seen_events seen;
    event_draft draft;
    std::vector<event_view> accepted;
    std::vector<rejection> rejected;
    instant latest;                    // an event may not be after this
    std::uint32_t count = 0;           // events met
    bool has_events = false;           // the member "events" was met
    std::optional<problem> misshapen;  // the first reason why this JSON is no batch

    std::size_t events_end = 0;  // where the last event ended
    problem refusal;             // set by whichever of these returns false

    bool start(char* text, std::size_t size);
    bool body(std::size_t size);
    bool members();
    bool member();
    bool events();
    bool event();
    bool outside_is_utf8(std::size_t to);
    void judge_in_batch();
    void reject();

    bool refuse(problem why);
    bool broken() { return refuse(not_json(cursor.error().at, cursor.error().what)); }
    void misshape(std::string_view what);
};

batch_scanner::batch_scanner() : inside_(std::make_unique<inside>()) {
    inside_->accepted.reserve(max_events);
}
batch_scanner::~batch_scanner() = default;
batch_scanner::batch_scanner(batch_scanner&&) noexcept = default;
batch_scanner& batch_scanner::operator=(batch_scanner&&) noexcept = default;

boost::system::result<batch_verdict, problem> batch_scanner::scan(char* body, std::size_t size,
                                                                  instant now) {
    inside& batch = *inside_;
    batch.latest = {now.us + max_future_us};
    if (!batch.start(body, size) || !batch.body(size)) return std::move(batch.refusal);
    return batch_verdict{batch.accepted, batch.rejected};
}

bool batch_scanner::inside::refuse(problem why) {
    refusal = std::move(why);
    return false;
}

void batch_scanner::inside::misshape(std::string_view what) {
    if (!misshapen) misshapen = wrong_shape(what);
}

bool batch_scanner::inside::start(char* text, std::size_t size) {
    accepted.clear();
    rejected.clear();
    bad.clear();
    seen.next_batch();
    misshapen.reset();
    has_events = false;
    count = 0;
    events_end = 0;
    auto outcome = cursor.start(text, size);
    if (outcome == json_tokens::outcome::not_utf8) {
        bad.blank(text, size);
        outcome = cursor.start(text, size);
    }
    if (outcome == json_tokens::outcome::indexed) return true;
    if (outcome == json_tokens::outcome::empty) return refuse(not_json(0, "the body is empty"));
    const auto place = find_broken_string({text, size});
    return refuse(not_json(place.at, place.what));
}

// {"events":[...]} and nothing else. All of it is read before the shape is judged, so that "not
// JSON" never depends on what stands where.
bool batch_scanner::inside::body(std::size_t size) {
    if (cursor.peek() == '{') {
        if (!members()) return false;
        if (!has_events) misshape("\"events\" is missing");
    } else {
        misshape("the body is no object");
        if (!cursor.value(0)) return broken();
    }
    if (!cursor.end()) return broken();
    if (!outside_is_utf8(size)) return false;
    if (misshapen) return refuse(*std::move(misshapen));
    if (count == 0) return refuse({problem_code::empty_batch, "\"events\" must hold an event"});
    return true;
}

bool batch_scanner::inside::members() {
    if (!cursor.expect('{', "an object was expected here")) return broken();
    if (cursor.take_if('}')) return true;
    do {
        if (!member()) return false;
    } while (cursor.take_if(','));
    return cursor.expect('}', "a comma or the end of the object was expected here") || broken();
}

bool batch_scanner::inside::member() {
    std::string_view key;
    if (!cursor.key(key)) return broken();
    if (key == "events" && !has_events) {
        has_events = true;
        if (cursor.peek() == '[') return events();
        misshape("\"events\" is no array");
    } else if (key == "events") {
        misshape("\"events\" stands there twice");
    } else {
        misshape(fmt::format("\"{}\" does not belong there", shortened(key)));
    }
    return cursor.value(1) || broken();
}

bool batch_scanner::inside::events() {
    if (!cursor.expect('[', "an array was expected here")) return broken();
    if (cursor.take_if(']')) return true;
    do {
        if (count == max_events) {
            return refuse({problem_code::too_many_events,
                           fmt::format("a request may hold {} events; send the rest in another one",
                                       max_events)});
        }
        if (!event()) return false;
        ++count;
    } while (cursor.take_if(','));
    return cursor.expect(']', "a comma or the end of the array was expected here") || broken();
}

bool batch_scanner::inside::event() {
    if (!outside_is_utf8(cursor.position())) return false;
    if (!read_event(cursor, draft)) return broken();
    judge_in_batch();
    events_end = cursor.last_end();
    if (draft.fault) {
        reject();
    } else {
        accepted.push_back(draft.view);
    }
    return true;
}

// Bytes that are not UTF-8 cost an event its place; between the events they cost the whole request.
bool batch_scanner::inside::outside_is_utf8(std::size_t to) {
    const std::size_t at = bad.first_in(events_end, to);
    return at == to || refuse(not_json(at, "this is not UTF-8"));
}

// The rules that one event alone cannot answer.
void batch_scanner::inside::judge_in_batch() {
    const std::size_t to = cursor.last_end();
    const std::size_t from = to - draft.view.raw.size();
    if (const std::size_t at = bad.first_in(from, to); at != to) {
        draft.fault.reset();  // what else is wrong may come from the overwritten bytes
        draft.refuse(event_code::invalid_utf8, fmt::format("byte {} is not UTF-8", at));
    }
    if (draft.fault) return;
    if (draft.view.occurred_at > latest) {
        draft.refuse(event_code::time_in_future,
                     "\"occurred_at\" is more than 24 hours ahead of the server's clock");
    } else if (!seen.add(draft.view)) {
        draft.refuse(event_code::duplicate_in_batch,
                     "an event before it has the same \"event_id\" and \"occurred_at\"");
    }
}

void batch_scanner::inside::reject() {
    constexpr std::size_t longest_id = 64;
    const std::string_view id = draft.id_text.size() <= longest_id ? draft.id_text : "";
    rejected.push_back({count, std::string(id), draft.fault->code, std::move(draft.fault->detail)});
}

}  // namespace nd::schema
