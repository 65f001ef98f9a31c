// What is unsafe is refused on every connection, but for one beside a connection of the same place,
// which was checked a moment ago.
#include "ops/writer_connection.hpp"

#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

TEST_CASE("only a connection of the place that was checked goes without a check of its own") {
    const ops_database db;
    const ops_database other;
    auto checked = ops::open_writer(db.settings);
    REQUIRE(checked.has_value());
    const auto place = ops::place_of(*checked).value();
    auto elsewhere = ops::open_writer(other.settings);
    REQUIRE(elsewhere.has_value());
    CHECK(ops::place_of(*elsewhere).value() != place);

    auto admin = db.database.admin();
    must(admin, "grant truncate on nd.events to nd_writer");
    CHECK(ops::open_writer(db.settings, place).has_value());
    const std::string no_place;
    for (const auto& wrong : {no_place, ops::place_of(*elsewhere).value()}) {
        CAPTURE(wrong);
        const auto refused = ops::open_writer(db.settings, wrong);
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == base::errc::refused);
        CHECK(refused.error().detail.find("TRUNCATE") != std::string::npos);
    }
    CHECK(ops::open_writer(db.settings).has_error());
}

TEST_CASE("another role is another place") {
    const ops_database db;
    auto as_operator = db.settings;
    as_operator.writer_url = db.settings.operator_url;
    auto writer = ops::open_writer(db.settings);
    auto other = ops::open_writer(as_operator);
    REQUIRE(writer.has_value());
    REQUIRE(other.has_value());
    CHECK(ops::place_of(*writer).value() != ops::place_of(*other).value());
}
