// ndctl dead against a real broker and a real Postgres: what is shown, what is published, what is
// marked, and what happens when it ends in between.
#include "tests/ops/dead_world.hpp"

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

TEST_CASE("list counts what died by reason, and shows each with the time until Kafka keeps it") {
    dead_world w;
    w.die("one", "postgres_22: out of range");
    w.die("two", "postgres_22: out of range");
    w.die("three", "not_json: the record is no JSON", 3);
    const auto all = w.dead({"list"});
    CHECK(all.at("count").as_int64() == 3);
    const auto& reasons = all.at("reasons").as_array();
    REQUIRE(reasons.size() == 2);
    CHECK(reasons[0].at("code").as_string() == "not_json");
    CHECK(reasons[1].at("open").as_int64() == 2);
    const auto& first = all.at("letters").as_array()[0].as_object();
    CHECK(first.at("tenant_id").as_string() == w.tenant);
    CHECK(first.at("received_at").as_string() == "2026-10-14T17:46:40Z");
    const std::string died(first.at("died_at").as_string());
    const std::string earliest(first.at("kafka_deletes").at("earliest").as_string());
    CHECK(died.substr(0, 4) <= earliest.substr(0, 4));
    CHECK(died < earliest);
    CHECK(earliest < std::string(first.at("kafka_deletes").at("latest").as_string()));
    CHECK(w.dead({"list", "--reason", "not_json"}).at("count").as_int64() == 1);
    CHECK(w.dead({"list", "--limit", "1"}).at("letters").as_array().size() == 1);
    const auto text = w.run({"dead", "list", "--tenant", w.tenant, "--limit", "1"});
    CHECK(text.out.find("2 more: raise --limit") != std::string::npos);
}

TEST_CASE("letters are told apart by when they died") {
    dead_world w;
    const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
    w.die("one", "postgres_22: out of range");
    pause();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    const auto between = schema::to_string(schema::instant{us.count()});
    pause();
    w.die("two", "postgres_22: out of range");
    w.die("three", "postgres_22: out of range");
    CHECK(w.dead({"list", "--to", between}).at("count").as_int64() == 1);
    CHECK(w.dead({"list", "--from", between}).at("count").as_int64() == 2);
    CHECK(w.dead({"drop", "--from", between}).at("dropped").as_int64() == 2);
    CHECK(w.open() == 1);
}

TEST_CASE("show has the letter whole") {
    dead_world w;
    w.die("\xff\x01", "postgres_22: out of range");
    const std::string place(w.dead({"list"}).at("letters").as_array()[0].at("letter").as_string());
    const auto shown = w.dead({"show", place}, false).at("letters").as_array()[0].as_object();
    CHECK(shown.at("value").as_string() == "\\xff\\x01");
    CHECK(shown.at("headers").at("nd-source-offset").as_string() == "1200");
    CHECK(shown.at("state").as_string() == "open");
    const auto text = w.run({"dead", "show", place});
    CHECK(text.status == exit_status::fine);
    CHECK(text.out.find("\\xff\\x01") != std::string::npos);
}

TEST_CASE("a dry run says what would come back, and changes nothing") {
    dead_world w;
    w.die("one", "postgres_22: out of range");
    const auto said = w.dead({"replay", "--dry-run"});
    CHECK(said.at("would_be_replayed").as_int64() == 1);
    CHECK(w.published(w.tenant).empty());
    CHECK(w.open() == 1);
}

TEST_CASE("a letter is replayed once, as it was, and then it is closed") {
    dead_world w;
    w.die("one", "postgres_22: out of range");
    w.die("two", "postgres_23: no");
    const auto said = w.dead({"replay", "--reason", "postgres_22", "--note", "fixed in 1.2"});
    CHECK(said.at("replayed").as_int64() == 1);
    CHECK(said.at("left").as_int64() == 0);
    const auto seen = w.published(w.tenant);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].at("value") == "one");
    CHECK(seen[0].at("nd-attempt") == "1");
    CHECK(seen[0].at("nd-received-at") == "1792000000456");
    CHECK(seen[0].at("nd-environment") == "live");
    CHECK(seen[0].contains("nd-history"));
    CHECK_FALSE(seen[0].contains("nd-reason"));
    CHECK(w.states("replayed") == 1);
    CHECK(w.open() == 1);
    CHECK(w.dead({"replay", "--reason", "postgres_22"}).at("replayed").as_int64() == 0);
    CHECK(w.published(w.tenant).size() == 1);
    const auto closed = w.dead({"list", "--state", "replayed"});
    CHECK(closed.at("count").as_int64() == 1);
    CHECK(number(w.admin,
                 "select count(*) from nd.dead_state where note = 'fixed in 1.2' and "
                 "marked_by = 'nd_operator'") == 1);
}

TEST_CASE("ended between the publish and the mark, it publishes again and marks then") {
    dead_world w;
    w.die("one", "postgres_22: out of range");
    must(w.admin, "revoke insert on nd.dead_state from nd_operator");
    const auto broken = w.run({"dead", "replay", "--tenant", w.tenant});
    CHECK(broken.status == exit_status::finding);
    CHECK(broken.err.find("dead_state") != std::string::npos);
    CHECK(w.published(w.tenant).size() == 1);
    CHECK(w.open() == 1);
    must(w.admin, "grant insert on nd.dead_state to nd_operator");
    CHECK(w.dead({"replay"}).at("replayed").as_int64() == 1);
    const auto seen = w.published(w.tenant);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] == seen[1]);  // the same identity and the same payload: one row
    CHECK(w.open() == 0);
}

TEST_CASE("a page's letter goes back to where pages are read; one of nowhere stays") {
    dead_world w;
    w.die("page", "not_json: the record is no JSON", 1, std::nullopt, schema::pages_topic);
    w.die("lost", "not_json: the record is no JSON", 1, std::nullopt, "nd.elsewhere.v1");
    const auto replayed = w.run({"dead", "replay", "--tenant", w.tenant});
    CHECK(replayed.status == exit_status::finding);
    CHECK(replayed.out.find("it came from nd.elsewhere.v1") != std::string::npos);
    CHECK(w.published(w.tenant).empty());
    const auto back = w.published(w.tenant, schema::pages_topic);
    REQUIRE(back.size() == 1);
    CHECK(back[0].at("value") == "page");
    CHECK(w.dead({"drop"}).at("dropped").as_int64() == 1);
    CHECK(w.open() == 0);
}

TEST_CASE("what died too often or was cut stays, with the reason, and is a finding") {
    dead_world w;
    w.die("one", "postgres_22: out of range", 5);
    const auto said = w.run({"dead", "replay", "--tenant", w.tenant});
    CHECK(said.status == exit_status::finding);
    CHECK(said.out.find("has died 5 times") != std::string::npos);
    CHECK(w.published(w.tenant).empty());
    CHECK(w.dead({"replay", "--most-deaths", "6"}).at("replayed").as_int64() == 1);
    CHECK(w.published(w.tenant).at(0).at("nd-attempt") == "5");
}

TEST_CASE("dropped letters stay dropped until somebody takes that back; erased ones for ever") {
    dead_world w;
    w.die("one", "postgres_22: out of range");
    w.die("two", "not_json: no");
    CHECK(w.dead({"drop", "--reason", "not_json", "--dry-run"}).at("would_be_dropped").as_int64() ==
          1);
    CHECK(w.states("dropped") == 0);
    const auto said = w.dead({"drop", "--reason", "not_json"});
    CHECK(said.at("dropped").as_int64() == 1);
    CHECK(said.at("kafka_deletes").at("latest").is_string());
    CHECK(w.open() == 1);
    CHECK(w.dead({"replay", "--state", "dropped"}).at("replayed").as_int64() == 1);
    CHECK(w.published(w.tenant).at(0).at("value") == "two");
    must(w.admin, "update nd.dead_state set state = 'erased'");
    CHECK(w.dead({"list", "--state", "erased"}).at("count").as_int64() == 1);
    CHECK(w.dead({"replay", "--state", "dropped"}).at("replayed").as_int64() == 0);
    CHECK(w.states("erased") == 1);
}

TEST_CASE("a letter whose key names no tenant is nobody's, and is dealt with all the same") {
    dead_world w;
    const auto key = "no tenant " + fresh_tenant();
    const auto code = "bad_key_" + w.tenant.substr(0, 8);
    w.die("stray", code + ": no UUID", 1, key);
    const auto said = w.dead({"drop", "--reason", code, "--tenant", "none"}, false);
    CHECK(said.at("dropped").as_int64() == 1);
    CHECK(number(w.admin, "select count(*) from nd.dead_strays where state = 'dropped'") == 1);
    const auto again = w.dead({"list", "--reason", code, "--state", "all"}, false);
    CHECK(again.at("letters").as_array()[0].at("tenant_id").is_null());
    CHECK(again.at("letters").as_array()[0].at("state").as_string() == "dropped");
    CHECK(w.dead({"replay", "--reason", code, "--state", "dropped"}, false)
              .at("replayed")
              .as_int64() == 1);
    CHECK(w.published(key).size() == 1);
}

TEST_CASE("what cannot be done says what to change") {
    dead_world w;
    struct example {
        std::vector<std::string> arguments;
        exit_status status;
        const char* says;
    };
    const std::vector<example> table{
        {{"dead"}, exit_status::usage, "list, show, replay, drop"},
        {{"dead", "drop"}, exit_status::usage, "say which letters to drop"},
        {{"dead", "show"}, exit_status::usage, "letter"},
        {{"dead", "show", "0:999999999"}, exit_status::usage, "still to come"},
        {{"dead", "show", "99:0"}, exit_status::usage, "no partition 99"},
        {{"dead", "list", "--state", "shut"}, exit_status::usage, "--state shut"},
        {{"dead", "replay", "--state", "erased"}, exit_status::usage, "only open and dropped"},
        {{"dead", "list", "--from", "2099-01-01T00:00:00Z"}, exit_status::usage, "future"},
        {{"dead", "list", "--tenant", w.tenant}, exit_status::finding, "there is no tenant"},
        {{"dead", "drop", "--tenant", w.tenant}, exit_status::finding, "there is no tenant"},
    };
    for (const auto& one : table) {
        const auto said = w.run(one.arguments);
        CHECK(said.status == one.status);
        CHECK_MESSAGE(said.err.find(one.says) != std::string::npos, said.err);
    }
    w.settings.kafka = "127.0.0.1:1";
    CHECK(w.run({"dead", "list"}).status == exit_status::unreachable);
}
