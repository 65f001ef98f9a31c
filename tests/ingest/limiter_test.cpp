#include "ingest/limiter.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using nd::ingest::limiter;
using nd::schema::limit_class;
using nd::schema::tenant_id;

namespace {

tenant_id tenant(std::uint32_t number) {
    tenant_id id;
    for (std::size_t i = 0; i < 4; ++i)
        id.value.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

struct fixture {
    limiter::clock::time_point now{1000h};
    limiter limits{[this] { return now; }};

    bool admitted(std::uint32_t who, limit_class cls, std::uint32_t places) {
        return limits.admit_now(tenant(who), cls, places).admitted;
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "each tenant and each class has places of its own") {
    CHECK(admitted(1, limit_class::events, 1));
    CHECK_FALSE(admitted(1, limit_class::events, 1));
    CHECK(admitted(1, limit_class::schema, 1));
    CHECK(admitted(2, limit_class::events, 1));
    CHECK_FALSE(admitted(2, limit_class::events, 1));
}

TEST_CASE_FIXTURE(fixture,
                  "an admission carries what the headers need and the ticket to give it back") {
    const auto taken = limits.admit_now(tenant(7), limit_class::events, 60);
    CHECK(taken.admitted);
    CHECK(taken.limit == 60);
    CHECK(taken.remaining == 59);
    CHECK(taken.wait_seconds() == 60);
    limits.give_back(taken);
    CHECK(limits.admit_now(tenant(7), limit_class::events, 60).remaining == 59);
}

TEST_CASE_FIXTURE(fixture, "giving back a refused admission frees nobody's place") {
    REQUIRE(admitted(1, limit_class::events, 1));
    const auto refused = limits.admit_now(tenant(1), limit_class::events, 1);
    REQUIRE_FALSE(refused.admitted);
    limits.give_back(refused);
    CHECK_FALSE(admitted(1, limit_class::events, 1));
}

TEST_CASE_FIXTURE(fixture,
                  "tenants that were silent for a minute are forgotten while others go on, and no "
                  "verdict changes") {
    for (std::uint32_t who = 0; who < 20'000; ++who)
        REQUIRE(admitted(who, limit_class::events, 1));
    CHECK(limits.tenants() == 20'000);
    for (std::uint32_t who = 0; who < 20'000; ++who)
        REQUIRE_FALSE(admitted(who, limit_class::events, 1));
    for (int step = 0; step < 2'000; ++step) {
        now += 100ms;
        (void)admitted(1'000'000, limit_class::read, 600);
    }
    CHECK(limits.tenants() == 1);
    for (std::uint32_t who = 0; who < 20'000; ++who)
        REQUIRE(admitted(who, limit_class::events, 1));
}

TEST_CASE_FIXTURE(fixture,
                  "a ticket whose tenant was forgotten is worth nothing and harms nothing") {
    const auto taken = limits.admit_now(tenant(1), limit_class::events, 60);
    for (int step = 0; step < 2'000; ++step) {
        now += 100ms;
        (void)admitted(2, limit_class::read, 600);
    }
    REQUIRE(limits.tenants() == 1);
    limits.give_back(taken);
    CHECK(limits.tenants() == 1);
}
