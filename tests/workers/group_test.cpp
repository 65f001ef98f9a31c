#include "workers/group.hpp"

#include "tests/workers/records.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace nd;
using namespace nd::tests;

TEST_CASE("rows are grouped by tenant, in primary key order, each exactly once") {
    std::mt19937 random(4711);
    for (int round = 0; round < 50; ++round) {
        CAPTURE(round);
        std::vector<test_record> records;
        const int tenants = 1 + static_cast<int>(random() % 20);
        for (int i = 0, n = static_cast<int>(random() % 200); i < n; ++i) {
            auto record = good_record(static_cast<int>(random()) % tenants, 0);
            record.value = event_json(static_cast<int>(random() % 50),
                                      fmt::format("2026-11-02T10:00:{:02}Z", random() % 10));
            records.push_back(record);
        }
        const auto load = parcel_of(records);
        const auto rows = load->records.rows();
        const auto& [order, slices] = load->groups;

        auto seen = order;
        std::sort(seen.begin(), seen.end());
        REQUIRE(seen.size() == rows.size());
        for (std::uint32_t i = 0; i < seen.size(); ++i)
            CHECK(seen[i] == i);

        std::int32_t next = 1;
        for (std::size_t k = 0; k < slices.size(); ++k) {
            CHECK(slices[k].lo == next);
            CHECK(slices[k].hi >= slices[k].lo);
            next = slices[k].hi + 1;
            if (k > 0) CHECK(slices[k - 1].tenant < slices[k].tenant);
            for (auto i = slices[k].lo; i <= slices[k].hi; ++i) {
                const auto& row = rows[order[static_cast<std::size_t>(i - 1)]];
                CHECK(row.tenant == slices[k].tenant);
                if (i == slices[k].lo) continue;
                const auto& before = rows[order[static_cast<std::size_t>(i - 2)]];
                CHECK(std::tie(before.occurred_at, before.id) <= std::tie(row.occurred_at, row.id));
            }
        }
        CHECK(next == static_cast<std::int32_t>(rows.size()) + 1);
    }
}

TEST_CASE("the spelling of a key does not make another tenant of it") {
    auto upper = good_record(10, 1);
    std::transform(upper.key->begin(), upper.key->end(), upper.key->begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto load = parcel_of({good_record(10, 2), upper});
    CHECK(load->groups.slices.size() == 1);
}

TEST_CASE("the arrays of the call add up") {
    std::vector<test_record> records;
    for (int i = 0; i < 40; ++i)
        records.push_back(good_record(i % 4, i));
    const auto load = parcel_of(records);
    const auto& c = load->columns;
    CHECK(c.tenants.size() == 4);
    CHECK(c.lo.size() == 4);
    CHECK(c.hi.size() == 4);
    for (const auto* column : std::initializer_list<const base::pg::binary_array*>{
             &c.row_tenants, &c.event_ids, &c.occurred, &c.received, &c.environments, &c.names,
             &c.sessions, &c.users, &c.pages, &c.properties}) {
        CHECK(column->size() == 40);
    }
    workers::progress_columns progress;
    const std::vector<workers::covered> covers{{2, 0, 5, 9}};
    progress.fill(covers, true);
    workers::progress_columns same;
    same.fill(covers, false);
    CHECK(progress.next.bytes().back() == 9);
    CHECK(same.next.bytes().back() == 5);
    CHECK(same.expected.bytes().back() == 0);
}

TEST_CASE("rows left out leave no gap, and a tenant without rows leaves no group") {
    std::vector<test_record> records;
    for (int i = 0; i < 6; ++i)
        records.push_back(good_record(i / 2, i));  // tenants 0, 0, 1, 1, 2, 2
    const auto load = parcel_of(records);
    const std::vector<std::uint32_t> out{3, 2, 4};
    const auto rest = workers::without(load->groups, out);
    CHECK(rest.order == std::vector<std::uint32_t>{0, 1, 5});
    REQUIRE(rest.slices.size() == 2);
    CHECK(rest.slices[0].lo == 1);
    CHECK(rest.slices[0].hi == 2);
    CHECK(rest.slices[1].tenant == load->records.rows()[5].tenant);
    CHECK(rest.slices[1].lo == 3);
    CHECK(rest.slices[1].hi == 3);
}
