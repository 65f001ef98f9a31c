#include "ops/dead_erasure.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::ops;

namespace {

const std::string a = "aa000000-0000-4000-8000-000000000001";
const std::string b = "bb000000-0000-4000-8000-000000000002";
constexpr schema::instant noon{1'795'000'000'000'000};

std::string event_of(const std::string& user) {
    return R"({"event_id":"0b7f3d0c-5f5c-4a53-9a2e-0c5a0c8b1f2e","name":"x",)"
           R"("occurred_at":"2026-11-02T10:00:00Z","user_id":")" +
           user + "\"}";
}

bool found(const std::string& key, const std::string& value, std::optional<std::string> user,
           std::optional<std::string_view> received = "1795000000000") {
    schema::event_scanner scanner;
    schema::raw_record letter;
    letter.timestamp_ms = noon.us / 1000 + 5000;
    letter.key = key;
    letter.value = value;
    letter.attempt = "1";
    letter.received_at = received;
    const auto what =
        erasure_of(*schema::parse_tenant_id(a), std::move(user), std::string(32, 'p'));
    return is_of(letter, what, noon, scanner);
}

}  // namespace

TEST_CASE("a dead letter is a person's by its tenant and its event's user_id") {
    CHECK(found(a, event_of("ann"), "ann"));
    CHECK(found(a, event_of("a\\u006en"), "ann"));  // the same text, spelt otherwise
    CHECK_FALSE(found(a, event_of("ben"), "ann"));
    CHECK_FALSE(found(b, event_of("ann"), "ann"));
    CHECK_FALSE(found("stray", event_of("ann"), "ann"));
    CHECK_FALSE(found(a, R"({"event_id":"ann"})", "user"));
}

TEST_CASE("what is no event is the person's when it names the id as a text") {
    CHECK(found(a, R"({"user_id":"ann")", "ann"));
    CHECK(found(a, R"(["a\"b"])", "a\"b"));
    CHECK_FALSE(found(a, "junk about ann", "ann"));
    CHECK_FALSE(found(a, R"({"user_id":"anna")", "ann"));
}

TEST_CASE("a whole tenant's letters are all that have its key") {
    CHECK(found(a, "junk", {}));
    CHECK(found(a, event_of("ben"), {}));
    CHECK_FALSE(found(b, "junk", {}));
}

TEST_CASE("a letter of an event that arrived after the instant stays") {
    CHECK(found(a, event_of("ann"), "ann", "1794999999999"));
    CHECK_FALSE(found(a, event_of("ann"), "ann", "1795000000001"));
}
