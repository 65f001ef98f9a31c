#include "model/api_fault.hpp"

#include "model/json_view.hpp"
#include "model/retry_after.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace nd::model {
namespace {

struct said {
    std::string code;
    std::string type;
    std::string message;
};

// A gateway's page is no JSON: then the status says all there is.
said read_error(std::string_view body) {
    const auto read = parse_json(body);
    if (!read) return {};
    const auto* error = member_of(*read, "error");
    if (error == nullptr) return {};
    return {text_of(*error, "code"), text_of(*error, "type"), text_of(*error, "message")};
}

bool is_one_of(const said& what, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](auto word) { return what.code == word || what.type == word; });
}

bool about_money(int status, const said& what) {
    return status == 402 || is_one_of(what, {"insufficient_quota", "billing_hard_limit_reached",
                                             "billing_not_active", "quota_exceeded"});
}

bool may_pass(int status) {
    return status == 408 || status == 409 || status == 429 || status >= 500;
}

fate fate_of(int status, const base::http_headers& headers, const said& what) {
    if (about_money(status, what)) return fate::quota;
    if (status == 401 || status == 403 || status / 100 == 3) return fate::setup;
    if (is_one_of(what, {"model_not_found", "invalid_api_key"})) return fate::setup;
    const bool again = read_should_retry(headers).value_or(may_pass(status));
    return again ? fate::retry : fate::refused;
}

// The service repeats the end of a wrong key in its message: ours says the same without it.
std::string sentence(int status, fate what, const said& from) {
    if (status == 401) return "the API key is refused: check the key file";
    if (status / 100 == 3) return "the URL answers with a redirection: check the base URL";
    constexpr std::size_t longest = 300;
    const auto message = from.message.empty() ? std::string("no reason given") : from.message;
    return fmt::format("{} ({}): {}", status, to_string(what),
                       std::string_view(message).substr(0, longest));
}

}  // namespace

std::string_view to_string(fate what) noexcept {
    switch (what) {
        case fate::retry: return "retry";
        case fate::wait: return "wait";
        case fate::quota: return "quota";
        case fate::setup: return "setup";
        case fate::refused: return "refused";
        case fate::garbled: return "garbled";
        case fate::unknown: return "unknown";
    }
    return "";
}

void throw_exception_from_error(const api_fault& e, const boost::source_location& where) {
    throw std::logic_error(fmt::format("value() of a failed call at {}:{}: {}", where.file_name(),
                                       where.line(), e.detail));
}

api_fault judge_reply(int status, const base::http_headers& headers, std::string_view body,
                      std::time_t now) {
    const auto from = read_error(body);
    api_fault made;
    made.what = fate_of(status, headers, from);
    made.status = status;
    made.code = from.code.empty() ? from.type : from.code;
    made.request_id = base::header_of(headers, "x-request-id");
    made.rate = read_rate(headers);
    made.after = read_retry_after(headers, now);
    if (made.what == fate::retry && made.after) made.what = fate::wait;
    made.detail = sentence(status, made.what, from);
    return made;
}

api_fault judge_silence(bool may_have_arrived, std::string detail) {
    api_fault made;
    made.what = may_have_arrived ? fate::unknown : fate::retry;
    made.detail = std::move(detail);
    return made;
}

}  // namespace nd::model
