#include "workers/lane.hpp"

#include "tests/workers/fake_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;
using base::errc;
using workers::lane_report;
using calls = std::vector<std::string>;

namespace {

struct bench {
    base::metrics all;
    workers::health health;
    workers::writer_metrics metrics{all};
    fake_store store;
    std::optional<workers::lane> lane;

    explicit bench(workers::lane_patience patience = {20ms, 1ms, 5ms}) {
        lane.emplace(store, store.publisher(), health, metrics, patience);
        health.running();
        health.joined(1);
    }
    lane_report store_one() {
        lane->store(parcel_of({good_record(1, 1)}));
        return report();
    }
    lane_report report() {
        auto got = lane->take(5s);
        REQUIRE(got.has_value());
        CHECK(lane->idle());
        return std::move(*got);
    }
    bool shows(const std::string& line) const { return all.text().find(line) != std::string::npos; }
    unsigned ready() const { return health.ready(workers::health::clock::now()).status; }
};

template <class F>
bool soon(F so) {
    for (int i = 0; i < 2000 && !so(); ++i)
        std::this_thread::sleep_for(1ms);
    return so();
}

}  // namespace

TEST_CASE("a stored batch comes back with its report and is counted") {
    bench b;
    const auto report = b.store_one();
    CHECK(report.kind == lane_report::what::stored);
    CHECK(report.load != nullptr);
    CHECK(b.shows("nd_writer_rows_total 1"));
    CHECK(b.shows("nd_writer_freshness_seconds_count 1"));
}

TEST_CASE(
    "a deadlock or a serialization failure is tried again at once, over the same connection") {
    bench b;
    b.store.fail("store", errc::conflict, "40P01");
    b.store.fail("store", errc::conflict, "40001");
    CHECK(b.store_one().kind == lane_report::what::stored);
    CHECK(b.store.calls() == calls{"store", "store", "store"});
    CHECK(b.shows("nd_writer_retries_total{class=\"40\"} 2"));
}

TEST_CASE("a lost database drops the batch and the connection, then the progress is read anew") {
    bench b;
    b.store.fail("store", errc::unavailable, "57P01");
    b.store.fail("read", errc::unavailable, "08006");
    b.store.fail("read", errc::unavailable, "08006");
    CHECK(b.store_one().kind == lane_report::what::restart);
    b.lane->read_progress();
    const auto report = b.report();
    CHECK(report.kind == lane_report::what::progress);
    CHECK(report.progress == std::vector<base::kafka_position>{{0, 42}});
    CHECK(b.store.calls() ==
          calls{"store", "disconnect", "read", "disconnect", "read", "disconnect", "read"});
}

TEST_CASE("an older copy of the database restarts the batch, it does not park") {
    bench b;
    b.store.fail("store", errc::internal, "ND002");
    CHECK(b.store_one().kind == lane_report::what::restart);
    CHECK(b.ready() == 200);
}

TEST_CASE("what an operator must mend parks: not ready, the reason shown, tried again later") {
    bench b({200ms, 1ms, 5ms});
    b.store.fail("store", errc::refused, "42501");
    b.lane->store(parcel_of({good_record(1, 1)}));
    REQUIRE(soon([&] { return b.lane->is_parked(); }));
    const auto reply = b.health.ready(workers::health::clock::now());
    CHECK(reply.status == 503);
    CHECK(reply.body.find("42501") != std::string::npos);
    CHECK(b.shows("nd_writer_parked 1"));
    CHECK_FALSE(b.lane->reported());
    CHECK(b.report().kind == lane_report::what::stored);
    CHECK(b.ready() == 200);
    CHECK(b.shows("nd_writer_parked 0"));
}

TEST_CASE("a cancelled lane stops trying and gives the batch back") {
    bench b({1h, 1ms, 5ms});
    b.store.fail("store", errc::refused, "42501");
    b.lane->store(parcel_of({good_record(1, 1)}));
    REQUIRE(soon([&] { return b.lane->is_parked(); }));
    b.lane->cancel();
    const auto report = b.report();
    CHECK(report.kind == lane_report::what::dropped);
    CHECK(report.load != nullptr);
    CHECK_FALSE(b.lane->is_parked());
    CHECK(b.store_one().kind == lane_report::what::stored);  // and goes on with the next
}

TEST_CASE("a database that can be read but not written stays a failure") {
    bench b;
    b.store.fail("store", errc::unavailable, "53100");
    CHECK(b.store_one().kind == lane_report::what::restart);
    b.lane->read_progress();
    static_cast<void>(b.report());
    const auto later = workers::health::clock::now() + 11s;
    CHECK(b.health.ready(later).status == 503);
    CHECK(b.store_one().kind == lane_report::what::stored);
    CHECK(b.health.ready(later).status == 200);
}

TEST_CASE("a lane that is destroyed while parked ends at once") {
    bench b({1h, 1ms, 5ms});
    b.store.fail("store", errc::refused, "42501");
    b.lane->store(parcel_of({good_record(1, 1)}));
    REQUIRE(soon([&] { return b.lane->is_parked(); }));
    const auto started = std::chrono::steady_clock::now();
    b.lane.reset();
    CHECK(std::chrono::steady_clock::now() - started < 1s);
}
