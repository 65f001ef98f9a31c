#include "ingest/key_resolver.hpp"

#include "tests/ingest/key_desk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
using nd::ingest::key_inbox;
using nd::ingest::key_record;
using nd::ingest::key_table;
using nd::ingest::lookup_outcome;

namespace {

// A table with keys 1 to 9, and a keeper that knows nothing more: it answers `outcome` to every
// question.
struct fixture {
    key_table table{15min};
    key_inbox inbox;
    key_desk desk{table, inbox};
    lookup_outcome outcome = lookup_outcome::absent;
    std::atomic<int> questions{0};
    std::thread keeper;

    fixture() {
        std::vector<key_table::entry> known;
        for (std::uint32_t i = 1; i < 10; ++i)
            known.push_back(sample_entry(i, i));
        table.replace_all(known);
        table.confirm(key_table::clock::now());
        inbox.reachable(true);
        keeper = std::thread([this] {
            for (;;) {
                const auto mail = inbox.wait_until(key_inbox::clock::now() + 1h);
                if (mail.stop) return;
                for (const auto& hash : mail.wanted) {
                    ++questions;
                    inbox.settle(hash, outcome);
                }
            }
        });
    }
    ~fixture() {
        inbox.stop();
        keeper.join();
    }

    void change(std::uint32_t key, const std::function<void(key_record&)>& how) {
        auto entry = sample_entry(key, key);
        how(entry.second);
        table.put(entry.first, entry.second);
    }
};

key_record::wall_time from_now(std::chrono::milliseconds offset) {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now() + offset);
}

}  // namespace

TEST_CASE_FIXTURE(fixture, "a known key is answered from the table without a question") {
    const auto answer = desk.ask(sample_key(3));
    REQUIRE(answer.has_value());
    CHECK(answer->id == 3);
    CHECK(answer->tenant == sample_tenant(3));
    CHECK(questions == 0);
}

TEST_CASE_FIXTURE(fixture, "a malformed key and a wrong checksum are refused offline") {
    auto mistyped = sample_key(3);
    mistyped[10] = mistyped[10] == 'A' ? 'B' : 'A';
    for (const auto& bad : {std::string(), std::string("nd_live_"), sample_key(3) + " ",
                            sample_key(3).substr(1), mistyped}) {
        CAPTURE(bad);
        CHECK(desk.verdict(bad) == "malformed_key");
    }
    CHECK(questions == 0);
}

TEST_CASE_FIXTURE(fixture, "expiry is judged at the moment of the request, suspension after it") {
    change(1, [](key_record& k) { k.expires_at = from_now(200ms); });
    CHECK(desk.verdict(sample_key(1)) == "ok");
    std::this_thread::sleep_for(250ms);
    CHECK(desk.verdict(sample_key(1)) == "key_expired");
    change(2, [](key_record& k) { k.tenant_suspended = true; });
    CHECK(desk.verdict(sample_key(2)) == "tenant_suspended");
    change(3, [](key_record& k) {
        k.tenant_suspended = true;
        k.expires_at = from_now(-1s);
    });
    CHECK(desk.verdict(sample_key(3)) == "key_expired");
}

TEST_CASE_FIXTURE(fixture, "an unknown key is asked for once and then remembered") {
    CHECK(desk.verdict(sample_key(100)) == "unknown_key");
    CHECK(desk.verdict(sample_key(100)) == "unknown_key");
    CHECK(questions == 1);
    outcome = lookup_outcome::revoked;
    CHECK(desk.verdict(sample_key(101)) == "key_revoked");
    CHECK(desk.verdict(sample_key(101)) == "key_revoked");
    CHECK(questions == 2);
}

TEST_CASE_FIXTURE(fixture, "many requests with one unknown key are one question") {
    const auto answers = desk.ask_all(std::vector<std::string>(200, sample_key(100)));
    for (const auto& answer : answers)
        CHECK(key_desk::word(answer) == "unknown_key");
    CHECK(questions == 1);
}

TEST_CASE_FIXTURE(
    fixture,
    "beyond fifty unknown keys a second the answer is 503, never 401, and known keys go on") {
    std::vector<std::string> keys;
    for (std::uint32_t i = 0; i < 80; ++i)
        keys.push_back(sample_key(1000 + i));
    const auto answers = desk.ask_all(keys);
    const auto count = [&](const char* word) {
        return std::count_if(answers.begin(), answers.end(),
                             [&](const auto& a) { return key_desk::word(a) == word; });
    };
    CHECK(count("unknown_key") == 50);
    CHECK(count("keys_unavailable") == 30);
    CHECK(questions == 50);
    CHECK(desk.verdict(sample_key(1)) == "ok");
    const auto refused = std::find_if(answers.begin(), answers.end(), [](const auto& a) {
        return a.error().code == nd::schema::problem_code::keys_unavailable;
    });
    CHECK(refused->error().retry_after > 0);
}

TEST_CASE_FIXTURE(
    fixture, "while Postgres is away known keys are answered and unknown ones are 503 at once") {
    inbox.reachable(false);
    CHECK(desk.verdict(sample_key(1)) == "ok");
    const auto begun = std::chrono::steady_clock::now();
    CHECK(desk.verdict(sample_key(100)) == "keys_unavailable");
    CHECK(std::chrono::steady_clock::now() - begun < 1s);
    CHECK(questions == 0);
    inbox.reachable(true);
    CHECK(desk.verdict(sample_key(100)) == "unknown_key");
}

TEST_CASE("a key is not honoured before the first load, nor after the stale bound") {
    key_table table(100ms);
    key_inbox inbox;
    key_desk desk(table, inbox);
    CHECK(desk.verdict(sample_key(1)) == "keys_unavailable");
    const key_table::entry known[] = {sample_entry(1, 1)};
    table.replace_all(known);
    table.confirm(key_table::clock::now());
    CHECK(desk.verdict(sample_key(1)) == "ok");
    std::this_thread::sleep_for(150ms);
    CHECK(desk.verdict(sample_key(1)) == "keys_unavailable");
    table.confirm(key_table::clock::now());
    CHECK(desk.verdict(sample_key(1)) == "ok");
}
