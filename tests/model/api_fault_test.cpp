#include "model/api_fault.hpp"

#include "model/next_try.hpp"
#include "model/retry_after.hpp"

#include <doctest/doctest.h>

using namespace nd::model;
using namespace std::chrono_literals;

namespace {

std::string body_with(const std::string& type, const std::string& code) {
    return R"({"error":{"message":"because","type":")" + type + R"(","param":null,"code":)" +
           (code.empty() ? "null" : "\"" + code + "\"") + "}}";
}

fate fate_of(int status, const std::string& body, const nd::base::http_headers& headers = {}) {
    return judge_reply(status, headers, body, 0).what;
}

}  // namespace

TEST_CASE("each refusal of the service has its fate") {
    const auto plain = body_with("invalid_request_error", "");
    CHECK(fate_of(400, plain) == fate::refused);
    CHECK(fate_of(404, plain) == fate::refused);
    CHECK(fate_of(413, "") == fate::refused);
    CHECK(fate_of(422, plain) == fate::refused);
    CHECK(fate_of(401, plain) == fate::setup);
    CHECK(fate_of(403, plain) == fate::setup);
    CHECK(fate_of(302, "") == fate::setup);
    CHECK(fate_of(400, body_with("invalid_request_error", "model_not_found")) == fate::setup);
    CHECK(fate_of(404, body_with("invalid_request_error", "model_not_found")) == fate::setup);
    CHECK(fate_of(408, "") == fate::retry);
    CHECK(fate_of(409, "") == fate::retry);
    CHECK(fate_of(429, body_with("requests", "rate_limit_exceeded")) == fate::retry);
    CHECK(fate_of(500, "<html>") == fate::retry);
    CHECK(fate_of(503, body_with("server_error", "slow_down")) == fate::retry);
    CHECK(fate_of(529, "") == fate::retry);
}

TEST_CASE("an empty purse is never retried, whatever the status and headers say") {
    const auto body = body_with("insufficient_quota", "insufficient_quota");
    CHECK(fate_of(429, body) == fate::quota);
    CHECK(fate_of(429, body, {{"retry-after", "1"}, {"x-should-retry", "true"}}) == fate::quota);
    CHECK(fate_of(403, body_with("billing", "billing_not_active")) == fate::quota);
    CHECK(fate_of(402, "") == fate::quota);
    std::mt19937 engine(1);
    CHECK(!next_try(judge_reply(429, {{"retry-after", "1"}}, body, 0), 1, {}, engine));
}

TEST_CASE("the service's own word on retrying is obeyed") {
    CHECK(fate_of(500, "", {{"x-should-retry", "false"}}) == fate::refused);
    CHECK(fate_of(400, "", {{"x-should-retry", "true"}}) == fate::retry);
    const auto fault = judge_reply(429, {{"retry-after", "7"}, {"x-request-id", "req_1"}}, "", 0);
    CHECK(fault.what == fate::wait);
    CHECK(fault.after == 7s);
    CHECK(fault.request_id == "req_1");
}

TEST_CASE("a wrong key's message does not repeat what the service says of the key") {
    const auto fault =
        judge_reply(401, {}, R"({"error":{"message":"Incorrect API key: sk-abc","code":"x"}})", 0);
    CHECK(fault.detail.find("sk-abc") == std::string::npos);
    CHECK(fault.detail.find("key file") != std::string::npos);
}

TEST_CASE("silence is unknown when the request may have arrived, and a retry when it did not") {
    CHECK(judge_silence(true, "cut").what == fate::unknown);
    CHECK(judge_silence(false, "refused").what == fate::retry);
}

TEST_CASE("how long to wait is read from milliseconds, seconds and dates") {
    const auto after = [](const nd::base::http_headers& headers) {
        return read_retry_after(headers, 784'111'777);
    };
    CHECK(after({{"retry-after", "2"}}) == 2s);
    CHECK(after({{"retry-after", "0.25"}}) == 250ms);
    CHECK(after({{"retry-after-ms", "300"}, {"retry-after", "9"}}) == 300ms);
    CHECK(after({{"retry-after", "Sun, 06 Nov 1994 08:49:57 GMT"}}) == 20s);
    CHECK(after({{"retry-after", "Sun, 06 Nov 1994 08:49:17 GMT"}}) == 0s);
    CHECK(after({{"retry-after", "999999999"}}) == 24h);
    CHECK(!after({}));
    CHECK(!after({{"retry-after", "-1"}}));
    CHECK(!after({{"retry-after", "soon"}}));
    CHECK(!after({{"retry-after", "Sun, 06 Nov 1994 08:49:57 CET"}}));
}

TEST_CASE("waits double with a jitter, and never undercut what the service asks for") {
    std::mt19937 engine(7);
    const retry_rule rule{500ms, 8s};
    const auto fault = judge_reply(500, {}, "", 0);
    auto whole = std::chrono::milliseconds(500);
    for (int tries = 1; tries < 40; ++tries) {
        const auto wait = next_try(fault, tries, rule, engine);
        REQUIRE(wait);
        CHECK(*wait <= whole);
        CHECK(*wait >= whole * 3 / 4);
        whole = std::min<std::chrono::milliseconds>(whole * 2, 8s);
    }
    const auto told = judge_reply(429, {{"retry-after", "30"}}, "", 0);
    for (int i = 0; i < 100; ++i) {
        const auto wait = next_try(told, 1, rule, engine);
        CHECK(*wait >= 30s);
        CHECK(*wait <= 33s);
    }
    CHECK(!next_try(judge_reply(400, {}, "", 0), 1, rule, engine));
    CHECK(!next_try(judge_reply(401, {}, "", 0), 1, rule, engine));
}
