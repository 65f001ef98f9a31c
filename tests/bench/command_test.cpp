// nd-bench as people run it: what it refuses, what it says, how it exits.
#include "bench/options.hpp"
#include "bench/report.hpp"
#include "tests/bench/scripted_server.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/json/serialize.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace nd::bench;
using namespace nd::tests;

namespace {

struct ended {
    int code = -1;
    std::string said;  // both streams
};

// Without the environment of whoever runs the tests. `around`: a command that runs it.
ended run(const std::string& arguments, const std::string& around = "") {
    const auto command =
        fmt::format("env -i PATH=\"$PATH\" {} {} {} 2>&1", around, ND_BENCH_PROGRAM, arguments);
    ended made;
    auto* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> part{};
    for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
        made.said.append(part.data(), n);
    const int status = ::pclose(pipe);
    made.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return made;
}

void check(const ended& got, int code, std::initializer_list<std::string> words) {
    CAPTURE(got.said);
    CHECK(got.code == code);
    for (const auto& one : words) {
        CAPTURE(one);
        CHECK(got.said.find(one) != std::string::npos);
    }
}

// A folder that is gone with the test.
struct folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("nd-bench-command.{}", ::getpid());
    folder() { std::filesystem::create_directories(path); }
    ~folder() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(path / name) << text;
        return (path / name).string();
    }
    std::string report_of(const std::string& name, const std::vector<double>& values) const {
        report made;
        for (const auto value : values)
            made.add("edge.50.ratio", "x", better::lower, value);
        return file(name, boost::json::serialize(made.to_json()));
    }
};

const std::string good_key =
    R"({"tenant_id":"00000000-0000-4000-8000-000000000001","key":"nd_live_x"})"
    "\n";
const std::string edge = "run edge --one-core --no-search --rounds 1 --seconds 0.3 --recording " +
                         std::string(ND_RECORDING);

}  // namespace

TEST_CASE("a scenario that does not exist is answered with those that do") {
    check(run("run nothing"), exit_usage,
          {"there is no scenario 'nothing'", "edge", "writer", "pipeline"});
}

TEST_CASE("what cannot be understood is a matter of usage") {
    for (const char* arguments :
         {"", "measure", "run", "run edge --connections 0", "run edge --encoding br",
          "run edge --seconds 0", "run edge --unknown", "compare", "compare one"}) {
        CAPTURE(arguments);
        CHECK(run(arguments).code == exit_usage);
    }
    check(run("run edge --encoding br"), exit_usage, {"identity, gzip or zstd"});
    check(run("--help"), 0, {"run", "compare"});
    check(run("run --help"), 0, {"--events-per-request", "pipeline"});
}

TEST_CASE("scale says what its parts are, and that it wants a system of its own") {
    check(run("run --help"), 0, {"scale", "--table-rows", "--partitions", "front-ends, writers"});
    check(run("run scale --part writer"), exit_usage,
          {"the parts of scale are front-ends, writers, partitions, table"});
    CHECK(run("run scale --table-rows -1").code == exit_usage);
    CHECK(run("run scale --table-rows many").code == exit_usage);
    CHECK(run("run scale --partitions 0").code == exit_usage);
    const folder in;
    check(run(fmt::format("run scale --one-core --recording {} --keys {}", ND_RECORDING,
                          in.file("keys", good_key))),
          exit_usage, {"removes the topic nd.events.v1", "./dev bench run scale"});
}

TEST_CASE("TLS needs a certificate with its key, and a URL that agrees") {
    check(run("run edge --tls"), exit_usage, {"./dev bench", "--tls-cert, --tls-key and --trust"});
    check(run("run edge --tls-cert /nowhere/pem"), exit_usage, {"go together"});
    check(run("run edge --tls-key /nowhere/key"), exit_usage, {"go together"});
    check(run("run edge --url https://127.0.0.1:1"), exit_usage, {"--tls-cert and --tls-key"});
    check(run("run edge --tls-cert /nowhere/pem --tls-key /nowhere/key"), exit_unreachable,
          {"cannot read /nowhere/pem"});
    const folder in;
    const auto file = in.file("pem", "");
    check(run(fmt::format("run edge --url http://127.0.0.1:1 --tls-cert {0} --tls-key {0}", file)),
          exit_usage, {"--url says http"});
    check(run("run edge --tls", "ND_BENCH_CERTIFICATES=/nowhere"), exit_unreachable,
          {"cannot read /nowhere/bench.pem"});
}

TEST_CASE("sizing says what a report lacks") {
    const folder in;
    check(run("sizing /nowhere/report.json"), exit_unreachable, {"cannot read"});
    const auto other = in.report_of("edge", {1});
    check(run("sizing " + other), exit_usage, {other, "no filled table"});
    CHECK(run("sizing " + other + " --utilisation 0").code == exit_usage);
}

TEST_CASE("a server of somebody else needs keys, and the command that makes them is named") {
    check(run(edge + " --url http://127.0.0.1:1"), exit_usage,
          {"--keys FILE", "ndctl tenant create"});
}

TEST_CASE("keys that are not there, or none, or broken are told by file and line") {
    const folder in;
    check(run(edge + " --url http://127.0.0.1:1 --keys /nowhere/keys"), exit_unreachable,
          {"cannot read the keys in /nowhere/keys", "ndctl tenant create"});
    check(run(edge + " --keys " + in.file("none", "")), exit_usage, {"none holds no keys"});
    for (const char* broken : {"nonsense", "{}", "[]", R"({"key":"k"})", R"({"tenant_id":"t"})",
                               R"({"tenant_id":"t","key":7})", ""}) {
        CAPTURE(broken);
        const auto keys = in.file("keys", fmt::format("{}{}\n{}", good_key, broken, good_key));
        check(run(fmt::format("{} --keys {}", edge, keys)), exit_usage, {"line 2 of " + keys});
    }
}

TEST_CASE("a server that is not there is told with its address and what to do") {
    const folder in;
    const auto keys = in.file("keys", good_key);
    check(run(edge + " --url http://127.0.0.1:1 --keys " + keys), exit_unreachable,
          {"nothing answers HTTP at 127.0.0.1:1", "start the server there, or leave --url out"});
    check(run(edge + " --url http://example.org:1 --keys " + keys), exit_usage,
          {"give an IP address"});
    check(run(edge + " --url nonsense --keys " + keys), exit_usage, {"--url"});
}

TEST_CASE("a server that does not know the key says why, and nothing is measured") {
    const folder in;
    scripted_server server([](int) {
        reaction made;
        made.status = 401;
        made.body = R"({"code":"unknown_key"})";
        return made;
    });
    const auto out = (in.path / "report.json").string();
    check(run(edge + fmt::format(" --url http://127.0.0.1:{} --keys {} --out {}", server.port(),
                                 in.file("keys", good_key), out)),
          exit_unreachable,
          {"answers 401 to the first key", "another database or pepper", "unknown_key"});
    CHECK_FALSE(std::filesystem::exists(out));
    const auto& requests = server.stop();
    REQUIRE_FALSE(requests.empty());
    CHECK(requests[0].key == "nd_live_x");
}

TEST_CASE("a recording that is not there is named, with the option that gives its place") {
    check(run("run edge --one-core --recording /nowhere/events.gz"), exit_unreachable,
          {"/nowhere/events.gz", "--recording"});
    check(run("run edge --one-core"), exit_unreachable, {"--recording"});
}

TEST_CASE("one core is refused unless it was asked for") {
    check(run("run edge", "taskset -c 0"), exit_usage, {"one core only", "--one-core"});
    check(run("run edge --one-core --recording /nowhere", "taskset -c 0"), exit_unreachable,
          {"/nowhere"});
}

TEST_CASE("too few file descriptors are told before anything is started") {
    const std::string bounded = "sh -c 'ulimit -n 64; exec \"$@\"' sh";
    check(run("run edge --one-core --connections 1000", bounded), exit_usage,
          {"64 are allowed", "ulimit -Hn", "--connections"});
}

TEST_CASE("compare exits 1 on a regression and 0 otherwise") {
    const folder in;
    const auto before = in.report_of("before", {1.00, 1.01, 1.02});
    check(run("compare " + before + " " + in.report_of("worse", {1.30, 1.31, 1.32})), exit_finding,
          {"REGRESSION", "1 figure(s) worse by more than 10 %"});
    check(run("compare " + before + " " + in.report_of("worse", {1.30, 1.31}) + " --percent 50"), 0,
          {"worse"});
    check(run("compare " + before + " " + in.report_of("better", {0.5, 0.51})), 0, {"better"});
    check(run("compare " + before + " " + before), 0, {"same"});
    check(run("compare " + before + " " + in.report_of("once", {1.13})), 0, {"same"});
}

TEST_CASE("compare says which file is missing or is no report") {
    const folder in;
    const auto good = in.report_of("good", {1});
    check(run("compare " + good + " /nowhere/report.json"), exit_unreachable,
          {"cannot read /nowhere/report.json"});
    check(run("compare /nowhere/report.json " + good), exit_unreachable,
          {"cannot read /nowhere/report.json"});
    const auto garbage = in.file("garbage", "no JSON");
    check(run("compare " + good + " " + garbage), exit_usage,
          {garbage, "it is no report of nd-bench"});
    const auto other = in.file("other", R"({"format":99})");
    check(run("compare " + other + " " + good), exit_usage, {other, "of another format"});
    check(run("compare " + good + " " + in.path.string()), exit_usage, {in.path.string()});
}
