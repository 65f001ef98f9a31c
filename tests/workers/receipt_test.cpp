// What the writer keeps of receipts and of tombstones, over a real Postgres: stored, dead, erased,
// each once however often a batch comes.
#include "tests/workers/store_world.hpp"

#include "schema/user_hash.hpp"
#include "sql/queries/tenant/receipt_counts.hpp"

using namespace nd;
using namespace nd::tests;

namespace {

const std::string request = "0b7f3d0c-5f5c-4a53-9a2e-0c5a0c8b1f2e";

struct counts {
    std::int64_t stored = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    bool operator==(const counts&) const = default;
};

struct receipt_world : store_world {
    base::pg::connection reader = database.as("nd_reader");

    counts asked(int tenant, int accepted) {
        auto inside = base::pg::tenant_tx::begin(reader, tenant_text(tenant));
        REQUIRE(inside.has_value());
        const auto rows = inside->exec(sql::receipt_counts, request, accepted);
        if (rows.has_error()) FAIL(rows.error().detail);
        const auto row = (*rows)[0];
        return {row.integer("stored"), row.integer("dead"), row.integer("erased")};
    }
    // A person's tombstone, of everything until a day after the test records.
    void erase(int tenant, const std::string& user, const std::string& pepper = test_pepper) {
        schema::user_hasher hasher(pepper);
        const auto hash = hasher(*schema::parse_tenant_id(tenant_text(tenant)), user);
        base::sha256_digest key{};
        std::copy(hasher.id().begin(), hasher.id().end(), key.begin());
        must(admin,
             fmt::format("insert into nd.tenants (tenant_id, name) values ('{0}', '{0}') on "
                         "conflict do nothing; insert into nd.erasures values ('{0}', "
                         "decode('{1}', 'hex'), decode('{2}', 'hex'), '2026-11-30')",
                         tenant_text(tenant), base::to_hex(hash), base::to_hex(key).substr(0, 16)));
    }
};

// Event `n` of tenant 1, at place n of the request; of a person.
test_record counted(int n, const std::string& user = "", int tenant = 1) {
    auto record = good_record(tenant, n);
    record.request = request;
    record.receipt = std::to_string(n);
    if (!user.empty())
        record.value = event_json(n, "2026-11-02T10:00:00Z", ",\"user_id\":\"" + user + "\"");
    return record;
}

workers::delivered must_deliver(const std::vector<test_record>& records, workers::pg_store& store,
                                store_world& w) {
    const auto load = parcel_of(records);
    auto done = workers::deliver(*load, store, w.publisher());
    if (done.has_error()) FAIL(done.error().sqlstate << " " << done.error().detail);
    return std::move(*done);
}

}  // namespace

TEST_CASE("stored and dead events are counted at their places, again and again the same") {
    for (const bool pooled : {false, true}) {
        receipt_world w;
        w.on_poison("raise exception 'no such thing' using errcode = '22003'");
        const auto store = w.store(pooled);
        std::vector<test_record> records;
        for (int n = 0; n < 8; ++n)
            records.push_back(counted(n, n % 2 == 0 ? "ann" : ""));
        auto bad = counted(8);
        bad.value = poison(1, 8).value;
        records.push_back(bad);
        auto junk = counted(9);
        junk.value = "junk";
        records.push_back(junk);
        for (int tenant = 2; tenant < 12; ++tenant)  // or one tenant of one were "our own bug"
            records.push_back(good_record(tenant, 100 + tenant));
        for (int again = 0; again < 3; ++again) {
            CAPTURE(again);
            must(w.admin, "delete from nd.progress");
            static_cast<void>(must_deliver(records, *store, w));
            CHECK(w.asked(1, 12) == counts{8, 2, 0});
            CHECK(w.asked(2, 12) == counts{});
        }
        CHECK(w.count("select count(*) from nd.receipts") == 2);
        CHECK(w.dead.size() == 6);
        for (const auto& one : w.dead) {
            const std::pair<std::string, std::string> place{"nd-receipt",
                                                            one.value == "junk" ? "9" : "8"};
            CHECK(std::find(one.headers.begin(), one.headers.end(), place) != one.headers.end());
        }
    }
}

TEST_CASE("a batch that crashed before its dead were published counts nothing of theirs") {
    receipt_world w;
    const auto store = w.store();
    auto junk = counted(1);
    junk.value = "junk";
    std::vector<test_record> records{counted(0), junk};
    for (int tenant = 2; tenant < 6; ++tenant)
        records.push_back(good_record(tenant, 100 + tenant));
    const auto load = parcel_of(records);
    const auto lost = workers::deliver(*load, *store, [](auto) -> base::result<> {
        return base::failure(base::errc::unavailable, "no broker");
    });
    REQUIRE(lost.has_error());
    CHECK(w.asked(1, 2) == counts{1, 0, 0});
    CHECK(w.progress() == 0);
    static_cast<void>(must_deliver(records, *store, w));
    CHECK(w.asked(1, 2) == counts{1, 1, 0});
}

TEST_CASE("an erased person's events are left out, counted, and the rest goes on") {
    for (const bool pooled : {false, true}) {
        receipt_world w;
        w.erase(1, "ann");
        const auto store = w.store(pooled);
        const std::vector<test_record> records{counted(0, "ann"), counted(1, "ben"), counted(2),
                                               counted(3, "ann"), counted(0, "ann", 2)};
        for (int again = 0; again < 2; ++again) {
            must(w.admin, "delete from nd.progress");
            const auto done = must_deliver(records, *store, w);
            CHECK(done.rows.erased == 2);
            CHECK(done.dead.empty());
            CHECK(w.rows() == 3);
            CHECK(w.progress() == 5);
            CHECK(w.asked(1, 4) == counts{2, 0, 2});
            CHECK(w.asked(2, 1) == counts{1, 0, 0});
        }
        CHECK(w.count("select count(*) from nd.events where user_id = 'ann'") == 1);
    }
}

TEST_CASE("a batch of nothing but erased events moves the progress") {
    receipt_world w;
    w.erase(1, "ann");
    const auto store = w.store();
    const auto done = must_deliver({counted(0, "ann"), counted(1, "ann")}, *store, w);
    CHECK(done.rows.erased == 2);
    CHECK(w.rows() == 0);
    CHECK(w.progress() == 2);
    CHECK(w.asked(1, 2) == counts{0, 0, 2});
}

TEST_CASE("erased and refused rows in one batch: each goes its way") {
    receipt_world w;
    w.erase(1, "ann");
    w.on_poison("raise exception 'no such thing' using errcode = '22003'");
    const auto store = w.store();
    auto bad = counted(1);
    bad.value = poison(1, 1).value;
    std::vector<test_record> records{counted(0, "ann"), bad, counted(2)};
    for (int tenant = 2; tenant < 6; ++tenant)
        records.push_back(good_record(tenant, 100 + tenant));
    const auto done = must_deliver(records, *store, w);
    CHECK(done.dead.size() == 1);
    CHECK(w.progress() == 7);
    CHECK(w.rows() == 5);
    CHECK(w.asked(1, 3) == counts{1, 1, 1});
}

TEST_CASE("a writer with another pepper than the erasure's stores nothing and says why") {
    receipt_world w;
    w.erase(1, "ann", std::string(32, 'x'));
    const auto store = w.store();
    const auto load = parcel_of({counted(0, "ann")});
    const auto done = store->store(*load, true);
    REQUIRE(done.has_error());
    CHECK(done.error().sqlstate == "ND004");
    CHECK(w.rows() == 0);
}

TEST_CASE("headers that are not ours count for no receipt, and cost no event") {
    receipt_world w;
    const auto store = w.store();
    std::vector<test_record> records;
    int n = 0;
    for (const char* place : {"", "-1", "1000", "1x", " 1", "99999999999", "0x1"}) {
        records.push_back(counted(n++));
        records.back().receipt = place;
    }
    records.push_back(counted(n++));
    records.back().request = "no uuid";
    const auto done = must_deliver(records, *store, w);
    CHECK(done.rows.inserted == n);
    CHECK(w.count("select count(*) from nd.receipts") == 0);
}
