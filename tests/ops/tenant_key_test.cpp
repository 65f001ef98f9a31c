// tenant, key and limits against a real Postgres, as nd_operator.
#include "base/hmac.hpp"
#include "schema/api_key.hpp"
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

namespace {

std::string text(const boost::json::object& from, const char* name) {
    return std::string(from.at(name).as_string());
}

bool says(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

struct with_tenant : ops_database {
    base::pg::connection admin = database.admin();
    std::string tenant = text(must_run({"tenant", "create", "acme"}), "tenant_id");

    boost::json::object create(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"key", "create", "--tenant", tenant});
        return must_run(more);
    }
    boost::json::array keys() const {
        return must_run({"key", "list", "--tenant", tenant}).at("keys").as_array();
    }
    // Seconds until the key ends by the database's clock; -1 = never.
    std::int64_t ends_in(std::int64_t key) {
        return number(admin,
                      "select coalesce(extract(epoch from expires_at - now())::bigint, -1) from "
                      "nd.api_keys where key_id = " +
                          std::to_string(key));
    }
};

}  // namespace

TEST_CASE("a key is stored only as its HMAC under the pepper, with prefix and last four") {
    with_tenant db;
    const auto made = db.create({"--scopes", "chat,events", "--environment", "test", "--origin",
                                 "https://App.example.com:443"});
    const auto key = text(made, "key");
    REQUIRE(schema::parse_api_key(key).has_value());
    CHECK(key.starts_with("nd_test_"));
    base::hmac_sha256 pepper("a pepper of the tests, 32 bytes and more");
    const auto rows = must(
        db.admin,
        "select *, encode(key_hash, 'hex') as hex, api_keys::text as everything from nd.api_keys");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text("hex") == base::to_hex(pepper(key)));
    CHECK(rows[0].text("prefix") == "nd_test_");
    CHECK(rows[0].text("last4") == key.substr(key.size() - 4));
    CHECK(rows[0].texts("scopes") == std::vector<std::string>{"events", "chat"});
    CHECK(rows[0].texts("origins") == std::vector<std::string>{"https://app.example.com"});
    CHECK_FALSE(says(std::string(rows[0].text("everything")), key.substr(8, 30)));
    CHECK_FALSE(
        says(db.run({"key", "list", "--tenant", db.tenant, "--json"}).out, key.substr(8, 30)));
}

TEST_CASE(
    "rotation makes a successor with the same settings and ends the old key after the grace") {
    with_tenant db;
    std::int64_t key =
        db.create({"--scopes", "events,schema", "--origin", "https://a.example", "--browser-only"})
            .at("key_id")
            .as_int64();
    const auto first = db.keys()[0].as_object();
    for (const auto& [grace, seconds] : {std::pair("7d", 604'800), std::pair("24h", 86'400),
                                         std::pair("1h", 3'600), std::pair("0", 0)}) {
        CAPTURE(seconds);
        const auto successor = db.must_run(
            {"key", "rotate", std::to_string(key), "--tenant", db.tenant, "--grace", grace});
        CHECK(successor.at("rotated_from").as_int64() == key);
        CHECK(db.ends_in(key) <= seconds);
        CHECK(db.ends_in(key) >= seconds - 60);
        key = successor.at("key_id").as_int64();
        CHECK(db.ends_in(key) == -1);
    }
    const auto last = db.keys().back().as_object();
    for (const auto* same : {"scopes", "origins", "browser_only", "environment"})
        CHECK(last.at(same) == first.at(same));
}

TEST_CASE("the old key's own earlier end is kept, and its successor inherits it") {
    with_tenant db;
    const auto key = std::to_string(db.create({"--expires", "2h"}).at("key_id").as_int64());
    const auto successor =
        db.must_run({"key", "rotate", key, "--tenant", db.tenant, "--grace", "7d"});
    CHECK(db.ends_in(std::stoll(key)) <= 7200);
    CHECK(db.ends_in(successor.at("key_id").as_int64()) <= 7200);
    CHECK(db.ends_in(successor.at("key_id").as_int64()) > 7000);
}

TEST_CASE(
    "a key that was rotated already, or has expired, gets a successor only with an expiry of its "
    "own") {
    with_tenant db;
    db.create();
    db.must_run({"key", "rotate", "1", "--tenant", db.tenant, "--grace", "1h"});
    const auto again = db.run({"key", "rotate", "1", "--tenant", db.tenant});
    CHECK(again.status == exit_status::finding);
    CHECK(says(again.err, "was rotated already, to key 2"));
    CHECK(db.must_run({"key", "rotate", "1", "--tenant", db.tenant, "--expires", "never", "--grace",
                       "7d"})
              .at("expires_at")
              .is_null());
    CHECK(db.ends_in(1) <= 3600);
    db.create();
    must(db.admin, "update nd.api_keys set expires_at = now() - interval '1 s' where key_id = 4");
    const auto expired = db.run({"key", "rotate", "4", "--tenant", db.tenant});
    CHECK(expired.status == exit_status::finding);
    CHECK(says(expired.err, "key 4 expired at"));
}

TEST_CASE("a revoked key stays revoked since the first time and cannot be rotated") {
    with_tenant db;
    db.create();
    const auto first =
        text(db.must_run({"key", "revoke", "1", "--tenant", db.tenant}), "revoked_at");
    CHECK(text(db.must_run({"key", "revoke", "1", "--tenant", db.tenant}), "revoked_at") == first);
    CHECK(text(db.keys()[0].as_object(), "state") == "revoked");
    CHECK(db.run({"key", "rotate", "1", "--tenant", db.tenant}).status == exit_status::finding);
}

TEST_CASE("another tenant's key is not there to be listed, rotated or revoked") {
    with_tenant db;
    db.create();
    const auto other = text(db.must_run({"tenant", "create", "other"}), "tenant_id");
    CHECK(db.must_run({"key", "list", "--tenant", other}).at("keys").as_array().empty());
    for (const auto* verb : {"rotate", "revoke"}) {
        const auto refused = db.run({"key", verb, "1", "--tenant", other});
        CHECK(refused.status == exit_status::finding);
        CHECK(says(refused.err, "has no key 1"));
    }
    CHECK(number(
              db.admin,
              "select count(*) from nd.api_keys where revoked_at is null and expires_at is null") ==
          1);
}

TEST_CASE(
    "many tenants come with a key each, in a file that only its owner reads and that is never "
    "written over") {
    with_tenant db;
    const auto file = db.folder() / "keys.jsonl";
    db.must_run({"tenant", "create", "load", "--count", "1234", "--keys-out", file});
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    std::ifstream lines(file);
    std::set<std::string> tenants;
    base::hmac_sha256 pepper("a pepper of the tests, 32 bytes and more");
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        const auto one = boost::json::parse(line).as_object();
        tenants.insert(text(one, "tenant_id"));
        last =
            "select count(*) from nd.api_keys k join nd.tenants t using (tenant_id) where "
            "tenant_id = '" +
            text(one, "tenant_id") + "' and t.name = '" + text(one, "name") +
            "' and key_hash = '\\x" + base::to_hex(pepper(text(one, "key"))) + "'";
    }
    CHECK(tenants.size() == 1234);
    CHECK(number(db.admin, last) == 1);
    CHECK(number(db.admin, "select count(*) from nd.api_keys") == 1234);
    const auto again = db.run({"tenant", "create", "more", "--count", "2", "--keys-out", file});
    CHECK(again.status == exit_status::usage);
    CHECK(number(db.admin, "select count(*) from nd.tenants where name like 'more%'") == 0);
    const auto taken = db.run({"tenant", "create", "load", "--count", "2"});
    CHECK(taken.status == exit_status::finding);
    CHECK(says(taken.err, "exists already"));
}

TEST_CASE(
    "suspending and resuming shows in the list, and a second tenant of the same name is refused") {
    with_tenant db;
    CHECK_FALSE(db.must_run({"tenant", "suspend", db.tenant}).at("suspended_at").is_null());
    CHECK(says(db.run({"tenant", "list"}).out, "suspended"));
    CHECK(says(db.run({"key", "create", "--tenant", db.tenant}).out, "answers 403"));
    CHECK(db.must_run({"tenant", "resume", db.tenant}).at("suspended_at").is_null());
    const auto taken = db.run({"tenant", "create", "acme"});
    CHECK(taken.status == exit_status::finding);
    CHECK(says(taken.err, "\"acme\" already"));
}

TEST_CASE("a limit is set for one class, shown beside the defaults, and unset") {
    with_tenant db;
    const auto value = [&](const char* verb, std::vector<std::string> more) {
        more.insert(more.begin(), {"limits", verb, "--tenant", db.tenant});
        return db.must_run(more).at("limits").as_array()[0].as_object().at("per_minute").as_int64();
    };
    CHECK(value("show", {}) == 60);
    CHECK(value("set", {"--class", "events", "--per-minute", "6000"}) == 6000);
    CHECK(value("set", {"--class", "events", "--per-minute", "1"}) == 1);
    CHECK(value("set", {"--class", "chat", "--per-minute", "5"}) == 1);
    CHECK(value("show", {}) == 1);
    CHECK(value("unset", {"--class", "events"}) == 60);
    CHECK(number(db.admin, "select count(*) from nd.tenant_limits") == 1);
}

TEST_CASE("an unknown tenant exits 1 and a malformed one 2, with the way to the right id") {
    const with_tenant db;
    const std::vector<std::vector<std::string>> commands{{"key", "create", "--tenant"},
                                                         {"key", "list", "--tenant"},
                                                         {"limits", "show", "--tenant"},
                                                         {"tenant", "suspend"},
                                                         {"tenant", "resume"}};
    for (auto command : commands) {
        command.emplace_back("00000000-0000-4000-8000-000000000000");
        const auto unknown = db.run(command);
        CHECK(unknown.status == exit_status::finding);
        CHECK(says(unknown.err, "ndctl tenant list"));
        command.back() = "acme";
        CHECK(db.run(command).status == exit_status::usage);
    }
}

TEST_CASE("a pepper that is missing, short or open stops key create before anything is stored") {
    with_tenant db;
    const auto path = db.folder() / "bad";
    const auto refused = [&](const char* why) {
        db.settings.pepper_file = path;
        const auto outcome = db.run({"key", "create", "--tenant", db.tenant});
        CHECK(outcome.status == exit_status::usage);
        CHECK(says(outcome.err, why));
    };
    refused("cannot be read");
    std::ofstream(path) << "too short";
    ::chmod(path.c_str(), 0600);
    refused("at least 32");
    std::ofstream(path) << std::string(64, 'x');
    ::chmod(path.c_str(), 0644);
    refused("open to everybody");
    CHECK(number(db.admin, "select count(*) from nd.api_keys") == 0);
}

TEST_CASE("ndctl refuses to work as an unsafe role") {
    with_tenant db;
    db.settings.operator_url = db.database.url("nd_migrate");
    const auto refused = db.run({"tenant", "list"});
    CHECK(refused.status == exit_status::finding);
    CHECK(says(refused.err, "unsafe"));
}
