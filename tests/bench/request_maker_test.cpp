#include "bench/request_maker.hpp"

#include "bench/inflate.hpp"
#include "ingest/decompress.hpp"
#include "schema/batch.hpp"
#include "schema/event_scan.hpp"
#include "schema/limits.hpp"
#include "tests/bench/samples.hpp"

#include <doctest/doctest.h>

#include <random>
#include <unordered_set>

using namespace std::chrono_literals;
using namespace nd::tests;
using nd::bench::encoding;
using nd::bench::request_maker;
using time_point = std::chrono::system_clock::time_point;

namespace {

constexpr time_point a_moment{1'795'000'000'123'456us};

std::int64_t us_of(time_point at) {
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

struct edge {
    nd::schema::batch_scanner scanner;
    std::string padded;

    nd::schema::batch_verdict judge(std::string_view body, time_point now) {
        padded.assign(body);
        padded.append(nd::schema::batch_padding, '\0');
        const auto verdict = scanner.scan(padded.data(), body.size(), {us_of(now)});
        REQUIRE(verdict.has_value());
        return *verdict;
    }
};

}  // namespace

TEST_CASE("the edge accepts every event of every body, at any number of events per request") {
    edge judge;
    std::unordered_set<nd::schema::event_id> seen;
    request_maker maker(recorded_events(), encoding::identity, 42);
    std::string body;
    std::uint64_t expected = 0;
    for (const int size : {1, 2, 50, 1000}) {
        const auto requests = recorded_events().size() / static_cast<std::size_t>(size) + 1;
        for (std::size_t i = 0; i < requests; ++i) {
            const auto first = maker.make(body, size, a_moment);
            CHECK(first == expected);
            REQUIRE(body.size() <= nd::schema::max_body);
            const auto verdict = judge.judge(body, a_moment);
            REQUIRE(verdict.rejected.empty());
            REQUIRE(verdict.accepted.size() == static_cast<std::size_t>(size));
            for (const auto& one : verdict.accepted) {
                CHECK(maker.ids().number_of(nd::schema::to_string(one.id)) == expected++);
                CHECK(seen.insert(one.id).second);
                CHECK(one.occurred_at.us == us_of(a_moment));
            }
        }
    }
}

TEST_CASE("the time is the one given to the microsecond, forwards and backwards") {
    edge judge;
    request_maker maker(recorded_events(), encoding::identity, 42);
    std::mt19937_64 random(1);
    std::string body;
    const auto check = [&](time_point at) {
        static_cast<void>(maker.make(body, 1, at));
        CHECK(judge.judge(body, at).accepted[0].occurred_at.us == us_of(at));
    };
    for (const auto fraction : {0us, 1us, 9us, 10us, 999'999us, 100'000us, 99'999us})
        check(time_point(1'795'000'000s + fraction));
    check(time_point(1'795'000'001s));
    check(time_point(1'794'999'999s + 999'999us));
    for (int i = 0; i < 1000; ++i)
        check(time_point(std::chrono::microseconds(946'684'800'000'000 +
                                                   static_cast<std::int64_t>(random() >> 12) %
                                                       3'000'000'000'000'000)));
}

TEST_CASE("two runs share no identity, and one run twice makes the same bytes") {
    request_maker one(recorded_events(), encoding::identity, 1);
    request_maker again(recorded_events(), encoding::identity, 1);
    request_maker other(recorded_events(), encoding::identity, 2);
    std::string a, b, c;
    for (int i = 0; i < 10; ++i) {
        static_cast<void>(one.make(a, 50, a_moment));
        static_cast<void>(again.make(b, 50, a_moment));
        static_cast<void>(other.make(c, 50, a_moment));
        CHECK(a == b);
        CHECK(a != c);
    }
    CHECK_FALSE(other.ids().number_of(a.substr(a.find("\"event_id\":\"") + 12, 36)));
}

TEST_CASE("compressed bodies are the plain ones again for the edge and for the bare responder") {
    for (const auto how : {encoding::gzip, encoding::zstd}) {
        request_maker plain(recorded_events(), encoding::identity, 3);
        request_maker packed(recorded_events(), how, 3);
        nd::ingest::byte_budget budget;
        nd::ingest::body_buffer out(budget);
        nd::ingest::decompressor unpack;
        nd::bench::inflater bare;
        std::string a, b;
        const auto coding =
            how == encoding::gzip ? nd::ingest::coding::gzip : nd::ingest::coding::zstd;
        for (int i = 0; i < 60; ++i) {
            const int size = i % 3 == 0 ? 1 : i % 3 == 1 ? 50 : 1000;
            CHECK(plain.make(a, size, a_moment) == packed.make(b, size, a_moment));
            CHECK(b.size() < a.size());
            out.clear();
            REQUIRE(unpack.run(coding, b, out, nd::schema::max_decompressed) ==
                    nd::ingest::unpacked::ok);
            CHECK(out.view() == a);
            CHECK(bare.unpack(nd::bench::to_string(how), b) == a.size());
        }
        CHECK_THROWS(bare.unpack(nd::bench::to_string(how), "neither"));
    }
}

TEST_CASE("an event alone is what the writer takes for a record") {
    request_maker maker(recorded_events(), encoding::identity, 5);
    nd::schema::event_scanner scanner;
    std::string event = "what was there before";
    for (std::uint64_t n = 0; n < 2000; ++n) {
        maker.make_event(event, a_moment);
        const auto read = scanner.scan(event);
        REQUIRE(read.has_value());
        CHECK(maker.ids().number_of(nd::schema::to_string(read->id)) == n);
        CHECK(read->occurred_at.us == us_of(a_moment));
    }
}

TEST_CASE("an encoding has one name, and other names are none") {
    for (const auto one : {encoding::identity, encoding::gzip, encoding::zstd})
        CHECK(nd::bench::encoding_named(nd::bench::to_string(one)) == one);
    CHECK_FALSE(nd::bench::encoding_named("br"));
    CHECK_FALSE(nd::bench::encoding_named(""));
}
