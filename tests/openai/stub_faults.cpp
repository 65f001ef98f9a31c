#include "tests/openai/stub_faults.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nd::tests {
namespace json = boost::json;

namespace {

// Of every call: rate_limit (429), quota (429 for good), status (any), slow, cut (in the middle of
// the answer), silent (worked on, then the connection ends), wrong_json. Of an answer: what the
// model does. Of a batch: what becomes of it.
const std::map<std::string, std::set<std::string>>& kinds() {
    static const std::set<std::string> calls{"rate_limit", "quota",  "status",    "slow",
                                             "cut",        "silent", "wrong_json"};
    static const std::set<std::string> answers{"refusal", "incomplete", "content_filter",
                                               "failed",  "wrong_text", "stray"};
    static const std::map<std::string, std::set<std::string>> all = [] {
        auto responses = calls;
        responses.insert(answers.begin(), answers.end());
        return std::map<std::string, std::set<std::string>>{
            {"responses", responses},
            {"files", calls},
            {"content", calls},
            {"batches", calls},
            {"batch",
             {"partial", "missing", "no_money", "expired", "stuck", "failed", "garbled_lines"}}};
    }();
    return all;
}

std::string text_at(const json::object& from, std::string_view name) {
    const auto* found = from.if_contains(json::string_view(name.data(), name.size()));
    return found == nullptr || !found->is_string() ? std::string()
                                                   : std::string(found->get_string());
}

int number_at(const json::object& from, std::string_view name, int other) {
    const auto* found = from.if_contains(json::string_view(name.data(), name.size()));
    return found == nullptr || !found->is_number() ? other : found->to_number<int>();
}

}  // namespace

std::optional<std::string> stub_faults::order(const json::value& from) {
    if (!from.is_object()) return "a fault is an object: on, kind, times, status, retry_after, ms";
    const auto& members = from.get_object();
    stub_fault made;
    made.on = text_at(members, "on");
    made.kind = text_at(members, "kind");
    made.retry_after = text_at(members, "retry_after");
    made.should_retry = text_at(members, "should_retry");
    made.times = number_at(members, "times", 1);
    made.status = number_at(members, "status", 500);
    made.ms = std::chrono::milliseconds(number_at(members, "ms", 0));
    const auto known = kinds().find(made.on);
    if (known == kinds().end()) return "on: responses, files, content, batches or batch";
    if (!known->second.contains(made.kind)) {
        std::string words = "kind, of " + made.on + ":";
        for (const auto& one : known->second)
            words += " " + one;
        return words;
    }
    ordered_.push_back(std::move(made));
    return std::nullopt;
}

std::optional<stub_fault> stub_faults::next(const std::string& on) {
    const auto found = std::find_if(ordered_.begin(), ordered_.end(),
                                    [&](const stub_fault& one) { return one.on == on; });
    if (found == ordered_.end()) return std::nullopt;
    auto made = *found;
    if (--found->times <= 0) ordered_.erase(found);
    return made;
}

}  // namespace nd::tests
