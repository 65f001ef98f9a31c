// What the keeper's tests stand on: a registry of tenants and keys that changes as ndctl changes
// it, and an edge that asks.
#pragma once

#include "ingest/key_keeper.hpp"
#include "tests/ingest/key_desk.hpp"
#include "tests/pg/database.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace nd::tests {

inline bool within(std::chrono::milliseconds longest, const std::function<bool()>& ask) {
    using steady = std::chrono::steady_clock;
    for (const auto until = steady::now() + longest; steady::now() < until;
         std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
        if (ask()) return true;
    }
    return ask();
}

// What ndctl writes, by the superuser: the triggers that wake the edge are the same.
struct registry {
    test_database database;
    base::pg::connection admin = database.admin();

    static std::string id(std::uint32_t tenant) { return to_string(sample_tenant(tenant)); }
    void add_tenant(std::uint32_t tenant) {
        must(admin, "insert into nd.tenants (tenant_id, name) values ('" + id(tenant) +
                        "', 'tenant " + std::to_string(tenant) + "')");
    }
    void add_key(std::uint32_t key, std::uint32_t tenant, const std::string& columns = "",
                 const std::string& values = "") {
        must(admin,
             "insert into nd.api_keys (tenant_id, key_hash, environment, prefix, last4, scopes" +
                 columns + ") values ('" + id(tenant) + "', '\\x" +
                 base::to_hex(hash_of(sample_key(key)).bytes) +
                 "', 'live', 'nd_live_', 'last', '{events,schema}'" + values + ")");
    }
    void set_key(std::uint32_t key, const std::string& what) {
        must(admin, "update nd.api_keys set " + what + " where key_hash = '\\x" +
                        base::to_hex(hash_of(sample_key(key)).bytes) + "'");
    }
    void set_tenant(std::uint32_t tenant, const std::string& what) {
        must(admin, "update nd.tenants set " + what + " where tenant_id = '" + id(tenant) + "'");
    }
    // Postgres away, as the edge sees it: its connections end and new ones are refused.
    void close() {
        must(admin, "revoke connect on database " + database.name() + " from nd_ingest");
        must(admin,
             "select pg_terminate_backend(pid) from pg_stat_activity where datname = "
             "current_database() and usename = 'nd_ingest'");
    }
    void open() { must(admin, "grant connect on database " + database.name() + " to nd_ingest"); }
};

struct edge {
    ingest::key_table table;
    ingest::key_inbox inbox;
    key_desk desk{table, inbox};
    ingest::key_keeper keeper;

    explicit edge(ingest::key_keeper_config config,
                  std::chrono::steady_clock::duration stale_after = std::chrono::minutes(15))
        : table(stale_after), keeper(table, inbox, std::move(config)) {
        keeper.start();
    }
    std::string verdict(std::uint32_t key) { return desk.verdict(sample_key(key)); }
    bool comes_to(std::uint32_t key, const std::string& expected,
                  std::chrono::milliseconds longest) {
        return within(longest, [&] { return verdict(key) == expected; });
    }
    bool ready() {
        return within(std::chrono::seconds(10),
                      [&] { return keeper.now().loaded && keeper.now().listening; });
    }
};

// Only LISTEN can bring a change within an hour.
inline ingest::key_keeper_config listening(const test_database& database) {
    return {.database_url = database.url("nd_ingest"),
            .poll_every = std::chrono::hours(1),
            .record_use_every = std::chrono::hours(1)};
}

// Nobody hears anything: port 1 answers nobody.
inline ingest::key_keeper_config deaf(const test_database& database,
                                      std::chrono::milliseconds poll_every) {
    return {.database_url = database.url("nd_ingest"),
            .listen_url = "host=127.0.0.1 port=1 dbname=none",
            .poll_every = poll_every,
            .record_use_every = std::chrono::hours(1)};
}

}  // namespace nd::tests
