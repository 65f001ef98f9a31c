#include "ingest/key_table.hpp"

#include "tests/ingest/key_samples.hpp"

#include <doctest/doctest.h>

#include <malloc.h>

#include <algorithm>

using namespace nd::tests;
using namespace std::chrono_literals;
using nd::ingest::key_table;

namespace {

std::vector<key_table::entry> entries(std::uint32_t count, std::uint32_t keys_per_tenant = 1) {
    std::vector<key_table::entry> all;
    for (std::uint32_t i = 0; i < count; ++i)
        all.push_back(sample_entry(i, i / keys_per_tenant));
    return all;
}

}  // namespace

TEST_CASE("a table knows what it was given and nothing else") {
    key_table table(15min);
    table.replace_all(entries(1000));
    CHECK(table.size() == 1000);
    for (std::uint32_t i = 0; i < 1000; ++i) {
        const auto found = table.find(hash_of(sample_key(i)));
        REQUIRE(found);
        CHECK(found->id == i);
        CHECK(found->tenant == sample_tenant(i));
    }
    CHECK_FALSE(table.find(hash_of(sample_key(1000))));
    table.replace_all(entries(1));
    CHECK(table.size() == 1);
    CHECK_FALSE(table.find(hash_of(sample_key(1))));
}

TEST_CASE(
    "renewing a tenant forgets its missing keys, changes the others and touches nobody else's") {
    key_table table(15min);
    table.replace_all(entries(9, 3));  // tenants 0, 1, 2 with keys 0-2, 3-5, 6-8
    auto changed = sample_entry(4, 1);
    changed.second.tenant_suspended = true;
    const key_table::entry fresh[] = {changed, sample_entry(100, 1)};
    const nd::schema::tenant_id whose[] = {sample_tenant(1)};
    table.replace_tenants(whose, fresh);
    CHECK(table.size() == 8);
    CHECK_FALSE(table.find(hash_of(sample_key(3))));
    CHECK(table.find(hash_of(sample_key(4)))->tenant_suspended);
    CHECK_FALSE(table.find(hash_of(sample_key(5))));
    CHECK(table.find(hash_of(sample_key(100))));
    for (const std::uint32_t other : {0U, 1U, 2U, 6U, 7U, 8U})
        CHECK(table.find(hash_of(sample_key(other))));
}

TEST_CASE(
    "a table is stale until confirmed, and again when nothing confirmed it for longer than the "
    "bound") {
    key_table table(15min);
    const key_table::clock::time_point now{100h};
    CHECK_FALSE(table.loaded());
    CHECK(table.stale(now));
    table.confirm(now);
    CHECK(table.loaded());
    CHECK_FALSE(table.stale(now + 15min));
    CHECK(table.stale(now + 15min + 1ns));
    table.confirm(now + 20min);
    CHECK_FALSE(table.stale(now + 30min));
}

TEST_CASE(
    "a key's use is noted once, whatever the number of requests, and survives a renewal of its "
    "tenant") {
    key_table table(15min);
    table.replace_all(entries(10));
    CHECK(table.take_used().empty());
    for (int i = 0; i < 5; ++i)
        REQUIRE(table.find(hash_of(sample_key(3))));
    REQUIRE(table.find(hash_of(sample_key(7))));
    const nd::schema::tenant_id whose[] = {sample_tenant(3)};
    const key_table::entry same[] = {sample_entry(3, 3)};
    table.replace_tenants(whose, same);
    auto used = table.take_used();
    std::sort(used.begin(), used.end());
    CHECK(used == std::vector<std::int64_t>{3, 7});
    CHECK(table.take_used().empty());
}

TEST_CASE("a key without origins takes at most 200 bytes") {
    const auto all = entries(20'000);
    const auto before = mallinfo2();
    key_table table(15min);
    table.replace_all(all);
    const auto after = mallinfo2();
    const auto bytes =
        (after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / all.size();
    MESSAGE("bytes per key: " << bytes);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(bytes > 60);  // else this measured nothing
#endif
    CHECK(bytes <= 200);
}
