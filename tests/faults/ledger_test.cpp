// The ledger and the judge: an oracle that cannot say no proves nothing.
#include "tests/faults/judge.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <set>

using namespace nd::tests;

namespace {

constexpr const char* a = "00000000-0000-4000-8000-00000000000a";
constexpr const char* b = "00000000-0000-4000-8000-00000000000b";

struct books {
    ledger owed{5};
    books() {
        owed.add_tenant(a);
        owed.add_tenant(b);
        owed.take(a, 20);
        owed.take(b, 20);
        owed.told(a, 0, 10, fate::accepted);
        owed.told(a, 15, 5, fate::refused);
    }
    [[nodiscard]] seen_row row(const char* tenant, std::size_t number) const {
        const auto whole = boost::json::parse(body_of({owed.event(tenant, number)}));
        const auto& sent = whole.at("events").at(0).as_object();
        const auto text = [&sent](const char* member) -> std::optional<std::string> {
            if (!sent.contains(member)) return std::nullopt;
            return std::string(sent.at(member).as_string());
        };
        return {*text("event_id"),
                *text("occurred_at"),
                "live",
                *text("name"),
                text("session_id"),
                text("user_id"),
                *text("page"),
                owed.event(tenant, number).properties,
                true};
    }
    // What tenant a sees when it sees these.
    [[nodiscard]] verdict of(const std::vector<seen_row>& rows) const {
        verdict out;
        tenant_judge one(owed, a, out);
        for (const auto& row : rows)
            one.see(row);
        one.finish();
        return out;
    }
    [[nodiscard]] std::vector<seen_row> good_rows() const {
        std::vector<seen_row> out;
        for (std::size_t i = 0; i < 12; ++i)  // ten accepted, two uncertain
            out.push_back(row(a, i));
        return out;
    }
};

}  // namespace

TEST_CASE("what was accepted and some of what is uncertain is there: nothing is wrong") {
    const books all;
    const auto said = all.of(all.good_rows());
    CHECK(said.good());
    CHECK(said.rows == 12);
    CHECK(said.details.empty());
}

TEST_CASE(
    "the judge sees a missing row, a double one, one of nobody, a refused one, a foreign one") {
    const books all;
    auto rows = all.good_rows();
    SUBCASE("missing") {
        rows.erase(rows.begin() + 3);
        CHECK(all.of(rows).missing == 1);
        CHECK(all.of(rows).details.size() == 1);
    }
    SUBCASE("double") {
        rows.push_back(all.row(a, 11));
        CHECK(all.of(rows).duplicate == 1);
    }
    SUBCASE("of nobody") {
        rows.push_back(all.row(a, 1));
        rows.back().event_id = "00000000-0000-4000-8000-000000000001";
        CHECK(all.of(rows).spurious == 1);
    }
    SUBCASE("refused") {
        rows.push_back(all.row(a, 15));
        CHECK(all.of(rows).spurious == 1);
    }
    SUBCASE("foreign") {
        rows.push_back(all.row(b, 2));
        CHECK(all.of(rows).cross_tenant == 1);
        CHECK(all.of(rows).spurious == 0);
    }
    CHECK_FALSE(all.of(rows).good());
}

TEST_CASE("the judge sees each member that is not what was sent") {
    const books all;
    for (std::size_t i = 0; i < 10; ++i) {
        const std::vector<void (*)(seen_row&)> changes{
            [](seen_row& r) { r.name += "x"; },
            [](seen_row& r) { r.page += "x"; },
            [](seen_row& r) { r.environment = "test"; },
            [](seen_row& r) { r.occurred_at[0] = '1'; },
            [](seen_row& r) { r.session_id = r.session_id.value_or("") + "x"; },
            [](seen_row& r) { r.user_id = r.user_id.value_or("") + "x"; },
            [](seen_row& r) { r.received_in_time = false; },
            [](seen_row& r) { r.properties = R"({"n":-1})"; }};
        for (const auto change : changes) {
            auto rows = all.good_rows();
            change(rows[i]);
            CHECK(all.of(rows).different == 1);
        }
    }
}

TEST_CASE("a 202 is not taken back by a later answer to the same events") {
    ledger owed(1);
    owed.add_tenant(a);
    owed.take(a, 3);
    owed.told(a, 0, 3, fate::accepted);
    owed.told(a, 0, 3, fate::uncertain);
    owed.told(a, 0, 3, fate::refused);
    CHECK(owed.accepted() == 3);
}

TEST_CASE("no two events share an id, and each body is JSON") {
    ledger owed(99);
    owed.add_tenant(a);
    owed.add_tenant(b);
    std::set<std::string> ids;
    for (const auto* tenant : {a, b}) {
        owed.take(tenant, 2000);
        for (std::size_t i = 0; i < 2000; ++i) {
            const auto event = owed.event(tenant, i);
            ids.insert(event.event_id);
            CHECK_NOTHROW(boost::json::parse(body_of({event})));
        }
    }
    CHECK(ids.size() == 4000);
}
