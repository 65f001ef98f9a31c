#include "bench/bed.hpp"

#include "tests/bench/load_support.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace std::chrono_literals;
using namespace nd::bench;
using namespace nd::tests;

namespace {

// What a scenario would work with, against that server.
struct world {
    std::string keys = fmt::format("{}/nd-bench-bed-test.{}",
                                   std::filesystem::temp_directory_path().string(), ::getpid());
    report into;
    options with;

    explicit world(const scripted_server& server) {
        std::ofstream(keys) << R"({"tenant_id":"00000000-0000-4000-8000-000000000001","key":"k1"})"
                            << "\n"
                            << R"({"tenant_id":"00000000-0000-4000-8000-000000000002","key":"k2"})"
                            << "\n";
        with.recording = ND_RECORDING;
        with.keys = keys;
        with.url = fmt::format("http://127.0.0.1:{}", server.port());
    }
    ~world() { std::filesystem::remove(keys); }
};

int code_of(bed& on, std::string& said) {
    try {
        static_cast<void>(on.start_ingest());
        return 0;
    } catch (const bench_error& e) {
        said = e.what();
        return e.code();
    }
}

reaction refusing(int status) {
    reaction made;
    made.status = status;
    made.body = "the reason";
    return made;
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("keys and tenants are read in the order of the file") {
    scripted_server server([](int) { return reaction(); });
    world w(server);
    const bed on(w.with, w.into);
    CHECK(on.keys == std::vector<std::string>{"k1", "k2"});
    CHECK(on.tenants[1] == "00000000-0000-4000-8000-000000000002");
}

TEST_CASE("a run that was refused is not sound, and its notes name each status") {
    scripted_server server([](int n) { return refusing(n % 2 == 0 ? 429 : 503); });
    world w(server);
    bed on(w.with, w.into);
    on.judge("edge", run(short_plan(server, 200)));
    CHECK_FALSE(w.into.sound());
    std::string all;
    for (const auto& note : w.into.notes())
        all += note + "\n";
    CAPTURE(all);
    CHECK(has(all, "were answered 429 (over a tenant's limit"));
    CHECK(has(all, "were answered 503 (the server or Kafka is full"));
    CHECK(has(all, "no request was answered as it should be"));
}

TEST_CASE("a run without a refusal is sound and has nothing to tell") {
    scripted_server server([](int) { return reaction(); });
    world w(server);
    bed on(w.with, w.into);
    load_outcome clean;
    clean.requests = 1000;
    on.judge("edge", clean);
    CHECK(w.into.sound());
    CHECK(w.into.notes().empty());
    clean.refused[503] = 5;
    on.judge("edge", clean);
    CHECK(w.into.sound());  // half a percent is told, and the figures hold
    CHECK(w.into.notes().size() == 1);
    clean.refused[503] = 50;
    on.judge("edge", clean);
    CHECK_FALSE(w.into.sound());
}

TEST_CASE("lost connections, rejected and unsent events are told in words of their own") {
    scripted_server server([](int) { return reaction(); });
    world w(server);
    bed on(w.with, w.into);
    load_outcome bad;
    bad.requests = 100;
    bad.refused[0] = 10;
    bad.rejected = 1;
    bad.unsent = 1;
    on.judge("edge", bad);
    CHECK_FALSE(w.into.sound());
    REQUIRE(w.into.notes().size() == 3);
    CHECK(has(w.into.notes()[0], "10 requests of 112 lost their connection"));
    CHECK(has(w.into.notes()[1], "events were rejected"));
    CHECK(has(w.into.notes()[2], "never sent"));
}

TEST_CASE("a server that does not know the keys is told from one that is not there") {
    for (const int status : {401, 403}) {
        scripted_server server([status](int) { return refusing(status); });
        world w(server);
        bed on(w.with, w.into);
        std::string said;
        CHECK(code_of(on, said) == exit_unreachable);
        CHECK(has(said, fmt::format("answers {} to the first key", status)));
        CHECK(has(said, "the reason"));
    }
}

TEST_CASE("a server that is starting is asked again now and then, not hammered") {
    const auto up = std::chrono::steady_clock::now() + 350ms;
    scripted_server server(
        [up](int) { return std::chrono::steady_clock::now() < up ? refusing(503) : reaction(); });
    world w(server);
    bed on(w.with, w.into);
    std::string said;
    CHECK(code_of(on, said) == 0);
    CHECK(std::chrono::steady_clock::now() >= up);
    static_cast<void>(server.stop());
    CHECK(server.connections() >= 2);
    CHECK(server.connections() <= 6);
}
