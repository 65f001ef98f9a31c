// How long others wait while one tenant after the other sends what Postgres refuses.
#include "tests/workers/writer_world.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr int quiet_tenant = 999;
constexpr int bursts = 8;
constexpr int burst = 5000;

// A second's worth: 5,000 events of five tenants, and 1,000 of them, of two tenants, are poison.
std::vector<base::outgoing_record> burst_of(int number) {
    std::vector<base::outgoing_record> records;
    for (int i = 0; i < burst; ++i) {
        const int id = 1'000'000 + number * burst + i;
        auto value = event_json(id);
        if (i % 5 < 2 && i % 2 == 0)
            value.replace(value.find("clicked"), std::string_view("clicked").size(), "poison");
        records.push_back(
            {schema::events_topic, tenant_text(i % 5), value, {{"nd-environment", "live"}}});
    }
    return records;
}

struct watched {
    std::vector<clock_type::time_point> sent;
    std::vector<double> waited;  // seconds, in the order in which they were sent

    [[nodiscard]] double p99() const {
        auto sorted = waited;
        std::sort(sorted.begin(), sorted.end());
        return sorted.at(sorted.size() * 99 / 100);
    }
};

// One event of a tenant that does nothing wrong every 20 ms, and when each of them is a row.
watched watch(world& w, const std::function<bool()>& more) {
    watched seen;
    auto producer = base::kafka_sync_producer::open(w.kafka.settings(), "quiet").value();
    const auto rows = fmt::format("select count(*) from nd.events where tenant_id = '{}'",
                                  tenant_text(quiet_tenant));
    auto next = clock_type::now();
    while (seen.waited.size() < seen.sent.size() || more()) {
        if (more() && clock_type::now() >= next) {
            next += 20ms;
            const std::vector<base::outgoing_record> one{
                {schema::events_topic,
                 tenant_text(quiet_tenant),
                 event_json(static_cast<int>(seen.sent.size())),
                 {{"nd-environment", "live"}}}};
            seen.sent.push_back(clock_type::now());
            REQUIRE(producer.publish(one).has_value());
        }
        const auto there = static_cast<std::size_t>(number(w.admin, rows));
        const auto now = clock_type::now();
        while (seen.waited.size() < there) {
            const auto sent = seen.sent[seen.waited.size()];
            seen.waited.push_back(std::chrono::duration<double>(now - sent).count());
        }
        REQUIRE(now - seen.sent.front() < 120s);
        std::this_thread::sleep_for(5ms);
    }
    return seen;
}

}  // namespace

// Where each poison record costs 3 ms the batches pile up, and the wait is 36 s. A second is what
// is promised; on a machine that is busy with more than this the worst burst takes about that long.
constexpr double longest_wait = 5.0;

TEST_CASE("1,000 poison records among each 5,000 hold up nobody else for long") {
    world w;
    must(
        w.admin,
        "create function public.poison() returns trigger language plpgsql as $$ begin if new.name "
        "= 'poison' then raise exception 'no' using errcode = '22003'; end if; return new; end $$; "
        "create trigger poison before insert on nd.events for each row execute function "
        "public.poison()");
    const running writer(w, false, {5000, 16 << 20});
    w.publish_events(100);
    REQUIRE(w.all_stored());  // joining the group takes seconds, and is not what is measured
    std::atomic<bool> flooding{true};
    std::thread flood([&] {
        auto producer = base::kafka_sync_producer::open(w.kafka.settings(), "flood").value();
        for (int i = 0; i < bursts; ++i) {
            const auto until = clock_type::now() + 1s;
            if (!producer.publish(burst_of(i)).has_value()) break;
            std::this_thread::sleep_until(until);
        }
        flooding = false;
    });
    const auto seen = watch(w, [&flooding] { return flooding.load(); });
    flood.join();
    MESSAGE("p99 of ", seen.waited.size(), " events: ", seen.p99(), " s");
    CHECK(seen.waited.size() > 200);
    CHECK(seen.p99() < longest_wait);
    CHECK(w.soon([&] { return w.rows() >= 100 + bursts * 4000; }));
    CHECK(w.soon([&] {
        return writer.shows(
            fmt::format("nd_writer_dead_total{{reason=\"postgres_22\"}} {}", 1000 * bursts));
    }));
    CHECK(writer.ready().status == 200);
}
