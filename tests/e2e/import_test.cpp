// Events out of files: the same verdicts as at the edge, line by line, through a topic of their
// own, and rows once, however often a file is imported and whenever the import is killed.
#include "tests/e2e/system.hpp"

#include "base/pg.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

struct answer {
    int status = -1;
    json::object said;
    std::string text;
};

struct import_world {
    stack& system = the_system();
    tenant_key tenant = make_tenants(system, 1).front();
    fs::path folder = fs::path(system.run_dir()) / ("import-" + fresh_uuid());

    import_world() { fs::create_directories(folder); }
    ~import_world() {
        std::error_code none;
        fs::remove_all(folder, none);
    }
    import_world(const import_world&) = delete;
    import_world& operator=(const import_world&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return folder / name; }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
        return path(name);
    }
    [[nodiscard]] answer import(const std::string& arguments) const {
        const auto done = system.ndctl("import " + arguments + " --tenant " + tenant.tenant +
                                       " --json 2>/dev/null");
        return read(done);
    }
    [[nodiscard]] static answer read(const stack::outcome& done) {
        answer made{done.status, {}, done.output};
        boost::system::error_code broken;
        const auto value = json::parse(done.output, broken);
        if (!broken && value.is_object()) made.said = value.as_object();
        return made;
    }
    [[nodiscard]] std::size_t rows() const { return visible_ids(system, tenant.tenant).size(); }
    [[nodiscard]] bool has_rows(std::size_t wanted) const {
        return eventually(60s, [&] { return rows() == wanted; });
    }
    void refused(const std::string& arguments, int status, const std::string& says) const {
        const auto got = import(arguments);
        CAPTURE(arguments);
        CAPTURE(got.text);
        CHECK(got.status == status);
        REQUIRE(got.said.contains("error"));
        CHECK(json::value_to<std::string>(got.said.at("error").at("detail")).find(says) !=
              std::string::npos);
    }
};

std::string event(const std::string& id, const std::string& more = "") {
    return fmt::format(R"({{"event_id":"{}","name":"clicked","occurred_at":"{}"{}}})", id,
                       now_text(), more);
}

std::string events(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += event(fresh_uuid()) + "\n";
    return text;
}

}  // namespace

TEST_CASE("the recording is imported, plain and compressed, and a second time changes nothing") {
    import_world w;
    const std::string recording = ND_RECORDING_DIR "/events.ndjson.gz";
    const auto plain = w.path("events.ndjson");
    REQUIRE(w.system
                .run(fmt::format("gzip -dc '{}' >'{}' && zstd -q '{}' -o '{}.zst'", recording,
                                 plain, plain, plain))
                .status == 0);
    const auto dry = w.import("--dry-run " + recording);
    CAPTURE(dry.text);
    CHECK(dry.status == 0);
    const auto all = dry.said.at("accepted").to_number<std::size_t>();
    CHECK(all > 1000);
    CHECK(w.rows() == 0);
    for (const auto& file : {recording, plain, plain + ".zst"}) {
        const auto got = w.import(file);
        CAPTURE(got.text);
        CHECK(got.status == 0);
        CHECK(got.said.at("published").to_number<std::size_t>() == all);
        CHECK(w.has_rows(all));
    }
}

TEST_CASE("what the edge would refuse is refused, by line, and the rest is imported") {
    import_world w;
    const auto ok = fresh_uuid();
    const auto last = fresh_uuid();
    const auto file = w.write(
        "mixed.ndjson",
        event(ok) + "\n" + R"({"event_id":")" + "\n" + "\n" + "[]\n" +
            event(fresh_uuid(), R"(,"nope":1)") + "\n" +
            R"({"event_id":"10000000-0000-4000-8000-000000000001","name":"x",)"
            R"("occurred_at":"2099-01-01T00:00:00Z"})"
            "\n" +
            event(fresh_uuid(), R"(,"properties":{"a":")" + std::string(40'000, 'x') + R"("})") +
            "\n" + event(last));
    const auto report = w.path("refused.ndjson");
    const auto got = w.import(file + " --refused " + report);
    CAPTURE(got.text);
    CHECK(got.status == 1);
    CHECK(got.said.at("published") == 2);
    CHECK(got.said.at("refused_lines") == 5);
    CHECK(w.has_rows(2));
    std::vector<std::string> codes;
    std::ifstream lines(report);
    for (std::string line; std::getline(lines, line);) {
        const auto one = json::parse(line);
        CHECK(json::value_to<std::string>(one.at("file")) == file);
        codes.push_back(fmt::format("{} {}", one.at("line").as_int64(),
                                    json::value_to<std::string>(one.at("code"))));
    }
    CHECK(codes == std::vector<std::string>{"2 not_json", "4 not_an_object", "5 unknown_member",
                                            "6 time_in_future", "7 event_too_large"});
    w.refused(file + " --refused " + report, 2, "File exists");
}

TEST_CASE("a damaged file is refused before anything of it is published") {
    import_world w;
    const auto file = w.write("events.ndjson", events(20'000));
    const auto cut = [&w](const std::string& from, const std::string& to) {
        const auto size = fs::file_size(from);
        fs::copy_file(from, w.path(to));
        fs::resize_file(w.path(to), size / 2);
        return w.path(to);
    };
    REQUIRE(w.system.run(fmt::format("zstd -q -k '{0}' && gzip -k '{0}'", file)).status == 0);
    w.refused(cut(file + ".zst", "cut.zst"), 1, "cut off");
    w.refused(cut(file + ".gz", "cut.gz"), 1, "cut off");
    const auto two = w.path("two.gz");
    w.system.run(fmt::format("cat '{0}.gz' '{0}.gz' >'{1}'", file, two));
    CHECK(w.import("--dry-run " + two).said.at("accepted") == 40'000);
    std::ofstream(two, std::ios::app) << "rubbish after the end";
    w.refused(two, 1, "damaged");
    w.refused(w.path("nowhere"), 2, "No such file");
    w.refused(w.folder.string(), 2, "no regular file");
    CHECK(w.rows() == 0);
}

TEST_CASE("a line of 1 GiB is one refused line, and costs no memory") {
    import_world w;
    const auto file = w.write("long.ndjson", events(2));
    fs::resize_file(file, fs::file_size(file) + (std::uintmax_t{1} << 30));  // a hole: no disk
    std::ofstream(file, std::ios::app) << "\n" << events(3);
    const auto done = w.system.run(
        fmt::format("(ulimit -v 1500000; ndctl import '{}' --tenant {} --json 2>/dev/null)", file,
                    w.tenant.tenant));
    const auto got = import_world::read(done);
    CAPTURE(got.text);
    CHECK(got.status == 1);
    CHECK(got.said.at("published") == 5);
    CHECK(got.said.at("refused_lines") == 1);
    CHECK(w.has_rows(5));
}

TEST_CASE("an import that is killed is gone on with; each refusal is reported once") {
    import_world w;
    std::string text;
    for (int i = 0; i < 40'000; ++i)
        text += i % 10 == 0 ? std::string("broken\n") : event(fresh_uuid()) + "\n";
    const auto file = w.write("events.ndjson", text);
    const auto report = w.path("refused.ndjson");
    const auto started = w.system.run(fmt::format(
        "(ndctl import '{}' --tenant {} --rate 5000 --refused '{}' >/dev/null 2>&1 & echo $!)",
        file, w.tenant.tenant, report));
    const auto job = [&w] {
        const auto jobs = json::parse(w.system.ndctl("replay list --json").output);
        return jobs.at("jobs").as_array().back().as_object();
    };
    REQUIRE(eventually(30s, [&] {
        const auto one = job();
        return one.at("kind") == "import" && one.at("state") == "running" &&
               one.at("counts").at("read").as_int64() > 0;
    }));
    ::kill(static_cast<pid_t>(std::stol(started.output)), SIGKILL);
    const auto id = job().at("job").as_int64();
    CHECK(job().at("counts").at("read").as_int64() < 40'000);
    const auto got = import_world::read(
        w.system.ndctl(fmt::format("import --resume {} --json 2>/dev/null", id)));
    CAPTURE(got.text);
    CHECK(got.status == 1);
    CHECK(w.has_rows(36'000));
    CHECK(job().at("counts").at("read").as_int64() == 40'000);
    CHECK(job().at("counts").at("dead").as_int64() == 4'000);
    std::set<std::int64_t> lines;
    std::size_t reported = 0;
    std::ifstream in(report);
    for (std::string line; std::getline(in, line); ++reported)
        lines.insert(json::parse(line).at("line").as_int64());
    CHECK(lines.size() == 4'000);
    CHECK(reported == 4'000);

    const auto again = import_world::read(
        w.system.ndctl(fmt::format("import --resume {} --json 2>/dev/null", id)));
    CHECK(again.status == 1);
}

TEST_CASE("an import without a tenant, a file or sense is refused") {
    import_world w;
    const auto file = w.write("events.ndjson", events(1));
    const auto status = [&w](const std::string& arguments) {
        return w.system.ndctl("import " + arguments).status;
    };
    CHECK(status(file) == 2);
    CHECK(status("--tenant " + w.tenant.tenant) == 2);
    CHECK(status(file + " --tenant 00000000-0000-4000-8000-000000000001") == 1);
    CHECK(status(file + " --environment prod --tenant " + w.tenant.tenant) == 2);
    CHECK(status("--resume 999999") == 1);
    CHECK(status("--resume 1 " + file) == 2);
}
