#include "tests/openai/stub_api.hpp"

#include "tests/openai/body_check.hpp"
#include "tests/openai/derived_answer.hpp"
#include "tests/openai/stub_response.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace nd::tests {
namespace json = boost::json;

namespace {

constexpr std::string_view responses_path = "/v1/responses";
constexpr std::string_view files_path = "/v1/files";
constexpr std::string_view batches_path = "/v1/batches";

stub_reply not_found(const stub_request& asked) {
    return stub_error{404, fmt::format("Invalid URL ({} {})", asked.method, asked.path)}.to_reply();
}

std::string query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return std::string(pair.substr(name.size() + 1));
    }
    return {};
}

// What a fault puts in the place of an answer; nullopt: the call is worked on all the same.
std::optional<stub_reply> instead(const stub_fault& fault) {
    stub_error said{fault.status, "The server had an error while processing your request.",
                    "server_error", "", ""};
    if (fault.kind == "quota") {
        said = {429, "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota", "", "insufficient_quota"};
    } else if (fault.kind == "rate_limit") {
        said = {429, "Rate limit reached for requests.", "requests", "", "rate_limit_exceeded"};
    } else if (fault.kind != "status") {
        return std::nullopt;
    }
    auto made = said.to_reply();
    if (!fault.retry_after.empty()) made.headers.emplace_back("retry-after", fault.retry_after);
    if (!fault.should_retry.empty())
        made.headers.emplace_back("x-should-retry", fault.should_retry);
    return made;
}

// What a fault does to an answer that is ready.
void spoil(stub_reply& answer, const stub_fault& fault) {
    if (fault.kind == "slow") answer.delay += fault.ms;
    if (fault.kind == "cut") answer.cut = answer.body.size() / 2;
    if (fault.kind == "silent") answer.silent = true;
    if (fault.kind == "wrong_json") answer.body = "<html>not what you asked for</html>";
}

// A member that is null is one that is not given.
void drop_nulls(json::object& body) {
    std::vector<std::string> empty;
    for (const auto& member : body)
        if (member.value().is_null()) empty.emplace_back(member.key());
    for (const auto& name : empty)
        body.erase(name);
}

ending ending_of(const std::string& kind) {
    if (kind == "refusal") return ending::refusal;
    if (kind == "incomplete") return ending::max_output_tokens;
    if (kind == "content_filter") return ending::content_filter;
    return kind == "failed" ? ending::failed : ending::completed;
}

template <class T>
stub_reply reply_of(const std::variant<T, stub_error>& got) {
    if (const auto* refused = std::get_if<stub_error>(&got)) return refused->to_reply();
    return json_reply(std::get<0>(got));
}

std::string operation_of(const stub_request& asked) {
    auto path = asked.path;
    for (const auto base : {files_path, batches_path}) {
        if (!path.starts_with(base) || path.size() <= base.size() + 1) continue;
        const auto end = path.find('/', base.size() + 1);
        path = std::string(base) + "/{id}" + (end == path.npos ? "" : path.substr(end));
    }
    return asked.method + " " + path;
}

}  // namespace

stub_api::stub_api(stub_api_settings with)
    : with_(std::move(with)),
      limits_(with_.requests_per_minute, with_.tokens_per_minute),
      batches_(
          files_, [this](const json::object& body) { return work(body, "", 0); }, with_.batch_phase,
          with_.models) {}

stub_reply stub_api::answer(const stub_request& asked, moment now) {
    if (asked.path.starts_with("/stub/") || asked.path == "/readyz") return own(asked);
    const auto held = holds_.next(operation_of(asked));
    if (held == stub_holds::meets::before) {
        stub_reply lost;
        lost.held = lost.silent = true;
        return lost;
    }
    auto made = asked.authorization == "Bearer " + with_.key
                    ? route(asked, now)
                    : stub_error{401,
                                 asked.authorization.empty() ? "You didn't provide an API key."
                                                             : "Incorrect API key provided.",
                                 "invalid_request_error", "",
                                 asked.authorization.empty() ? "" : "invalid_api_key"}
                          .to_reply();
    counts_.called(operation_of(asked), made.status, asked.body);
    made.headers.emplace_back("x-request-id", fmt::format("req_stub{}", ++made_));
    made.headers.emplace_back("openai-version", "2020-10-01");
    made.headers.emplace_back("openai-processing-ms", "1");
    made.held = held == stub_holds::meets::after;
    return made;
}

stub_reply stub_api::route(const stub_request& asked, moment now) {
    if (asked.path == responses_path && asked.method == "POST") return responses(asked, now);
    if (asked.path.starts_with(files_path)) return files(asked, now);
    if (asked.path.starts_with(batches_path)) return batches(asked, now);
    return not_found(asked);
}

stub_reply stub_api::own(const stub_request& asked) {
    if (asked.path == "/stub/counts") return json_reply(counts_.to_json());
    if (asked.path == "/stub/pages") return json_reply(counts_.pages());
    if (asked.path == "/stub/bodies") return json_reply(counts_.bodies());
    if (asked.path == "/stub/hold") return hold(asked);
    if (asked.path == "/readyz") return json_reply({{"ready", true}});
    if (asked.path != "/stub/faults") return not_found(asked);
    if (asked.method == "DELETE") {
        faults_.clear();
        return json_reply({});
    }
    json::error_code ec;
    const auto read = json::parse(asked.body, ec);
    const json::array all = !ec && read.is_array() ? read.get_array() : json::array{read};
    for (const auto& one : all)
        if (const auto wrong = faults_.order(one)) return stub_error{400, *wrong}.to_reply();
    return json_reply({});
}

stub_reply stub_api::hold(const stub_request& asked) {
    if (asked.method == "POST") {
        json::error_code ec;
        const auto wanted = json::parse(asked.body, ec);
        if (const auto wrong = holds_.order(ec ? json::value(asked.body) : wanted))
            return stub_error{400, *wrong}.to_reply();
    }
    return json_reply(holds_.to_json());
}

stub_api::worked stub_api::work(const json::object& body, const std::string& how,
                                std::int64_t now) {
    if (auto fault = fault_in_response_body(body, with_.models)) return *fault;
    auto text = derive_answer(body, {how == "stray"});
    if (how == "wrong_text") text = "Here you are: " + text;
    const auto used = usage_for(body, text);
    counts_.worked_on(body, used.input, used.output);
    return make_response(body, fmt::to_string(++made_), now, text, ending_of(how));
}

stub_reply stub_api::responses(const stub_request& asked, moment now) {
    if (!asked.content_type.starts_with("application/json"))
        return stub_error{400, "Unsupported content type: send application/json."}.to_reply();
    json::error_code ec;
    auto body = json::parse(asked.body, ec);
    if (ec || !body.is_object())
        return stub_error{400, "We could not parse the JSON body of your request."}.to_reply();
    drop_nulls(body.get_object());
    if (const auto fault = fault_in_response_body(body, with_.models)) return fault->to_reply();
    const auto fault = faults_.next("responses").value_or(stub_fault{});
    if (auto other = instead(fault)) return *other;
    const auto room = limits_.take(usage_for(body.get_object(), "").input, now.steady);
    if (room) {
        auto made = instead({"responses",
                             "rate_limit",
                             1,
                             429,
                             fmt::to_string(static_cast<int>(*room) + 1),
                             "",
                             {}});
        limits_.tell(*made, now.steady);
        return *made;
    }
    auto made = reply_of(work(body.get_object(), fault.kind, now.unix));
    limits_.tell(made, now.steady);
    made.delay = with_.latency;
    spoil(made, fault);
    return made;
}

stub_reply stub_api::files(const stub_request& asked, moment now) {
    const bool content = asked.path.ends_with("/content");
    const auto fault = faults_.next(content ? "content" : "files").value_or(stub_fault{});
    if (auto other = instead(fault)) return *other;
    stub_reply made;
    if (asked.path == files_path) {
        if (asked.method != "POST") return not_found(asked);
        const auto got = files_.upload(asked, now.unix);
        const auto* refused = std::get_if<stub_error>(&got);
        made = refused != nullptr ? refused->to_reply() : json_reply(std::get<0>(got)->to_json());
    } else {
        auto id = asked.path.substr(std::min(files_path.size() + 1, asked.path.size()));
        if (content) id.resize(id.size() - std::string_view("/content").size());
        const auto* found = files_.find(id, now.unix);
        if (found == nullptr)
            return stub_error{404, "No such File object: " + id, "invalid_request_error", "id", ""}
                .to_reply();
        if (asked.method == "DELETE") {
            static_cast<void>(files_.remove(id));
            made = json_reply({{"id", id}, {"object", "file"}, {"deleted", true}});
        } else if (content) {
            made.headers.emplace_back("Content-Type", "application/octet-stream");
            made.body = found->content;
        } else {
            made = json_reply(found->to_json());
        }
    }
    spoil(made, fault);
    return made;
}

stub_reply stub_api::batches(const stub_request& asked, moment now) {
    const auto fault = faults_.next("batches").value_or(stub_fault{});
    if (auto other = instead(fault)) return *other;
    stub_reply made;
    if (asked.path == batches_path && asked.method == "POST") {
        json::error_code ec;
        const auto body = json::parse(asked.body, ec);
        made =
            reply_of(batches_.create(ec ? json::value(nullptr) : body, faults_.next("batch"), now));
    } else if (asked.path == batches_path) {
        const auto wanted = query_value(asked.query, "limit");
        std::size_t limit = 20;
        std::from_chars(wanted.data(), wanted.data() + wanted.size(), limit);
        made = json_reply(batches_.list(query_value(asked.query, "after"),
                                        std::clamp<std::size_t>(limit, 1, 100), now));
    } else {
        auto id = asked.path.substr(std::min(batches_path.size() + 1, asked.path.size()));
        if (id.ends_with("/cancel") && asked.method == "POST") {
            id.resize(id.size() - std::string_view("/cancel").size());
            made = reply_of(batches_.cancel(id, now));
        } else if (const auto found = batches_.look(id, now)) {
            made = json_reply(*found);
        } else {
            return stub_error{404, "No batch found with id '" + id + "'."}.to_reply();
        }
    }
    spoil(made, fault);
    return made;
}

}  // namespace nd::tests
