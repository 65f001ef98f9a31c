#include "workers/progress.hpp"

#include <doctest/doctest.h>

using namespace nd;
using workers::covered;
using workers::start_at;

TEST_CASE("reading starts at the lower of progress and Kafka's offset") {
    const base::kafka_log_bounds log{100, 900};
    struct example {
        std::optional<std::int64_t> stored;
        std::optional<std::int64_t> committed;
        std::int64_t offset;
        std::int64_t expected;
        bool stopped;
    };
    const std::vector<example> examples{
        {std::nullopt, std::nullopt, 100, 0, false},
        {std::nullopt, 500, 100, 0, false},  // a database without progress fills its hole
        {300, std::nullopt, 300, 300, false},
        {300, 500, 300, 300, false},
        {500, 300, 300, 300, false},
        {100, 100, 100, 100, false},
        {900, 900, 900, 900, false},
        {99, 500, 99, 99, true},
        {500, 99, 100, 100, false},  // Kafka's offset was lost on the way; nothing else was
        {901, 500, 901, 901, true},
        {901, 901, 901, 901, true},
    };
    for (const auto& e : examples) {
        CAPTURE(e.offset);
        const auto at = start_at(e.stored, e.committed, log);
        CHECK(at.offset == e.offset);
        CHECK(at.expected == e.expected);
        CHECK(at.stopped.empty() != e.stopped);
    }
    CHECK(start_at(40, {}, log).stopped.find("40 to 99") != std::string::npos);
}

TEST_CASE("each batch expects the one before it to be stored") {
    workers::positions at;
    at.start(0, {10, 0, {}}, 100);
    std::vector<covered> first;
    CHECK(at.take(0, 10, first));
    CHECK(at.take(0, 11, first));
    CHECK(first == std::vector<covered>{{0, 0, 10, 12}});
    at.sent(first);
    std::vector<covered> second;
    CHECK(at.take(0, 15, second));  // a gap in the log is none in the batch
    CHECK(second == std::vector<covered>{{0, 12, 12, 16}});
    CHECK(at.all()[0].done == 10);
    at.stored(first);
    CHECK(at.all()[0].done == 12);
    CHECK(at.fetch_list() == std::vector<base::kafka_position>{{0, 16}});
    CHECK(at.backlog() == 84);
}

TEST_CASE("a database that knows less than was stored is noticed") {
    workers::positions at;
    at.start(0, {10, 10, {}}, 100);
    at.start(1, {0, 0, {}}, 100);
    using list = std::vector<base::kafka_position>;
    CHECK_FALSE(at.beyond(list{{0, 10}}));
    CHECK_FALSE(at.beyond(list{{0, 50}, {1, 3}}));
    CHECK(at.beyond(list{{0, 9}}));
    CHECK(at.beyond(list{}));
    std::vector<covered> batch;
    CHECK(at.take(1, 0, batch));
    at.sent(batch);
    CHECK(at.beyond(list{{0, 10}}));
    CHECK_FALSE(at.beyond(list{{0, 10}, {1, 1}}));
}

TEST_CASE("a stopped partition is neither fetched nor counted") {
    workers::positions at;
    at.start(0, {10, 10, {}}, 100);
    at.start(1, {5, 5, "lost"}, 100);
    CHECK(at.fetch_list() == std::vector<base::kafka_position>{{0, 10}});
    CHECK(at.backlog() == 90);
    at.stop(0, "outside");
    CHECK(at.fetch_list().empty());
    CHECK_FALSE(at.beyond({}));
}
