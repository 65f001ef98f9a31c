// Events out of files: the same verdicts as at the edge, line by line, through a topic of their
// own, and nothing of a damaged file.
#include "tests/e2e/import_world.hpp"

using namespace nd::tests;
namespace json = boost::json;
namespace fs = std::filesystem;

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

TEST_CASE("what stands around an event on its line is not part of it") {
    import_world w;
    auto largest = event(fresh_uuid(), R"(,"properties":{"a":"PAD"})");
    largest.replace(largest.find("PAD"), 3, std::string(32'768 - largest.size() + 3, 'x'));
    REQUIRE(largest.size() == 32'768);
    const auto file =
        w.write("windows.ndjson", largest + "\r\n\r\n  " + event(fresh_uuid()) + "\t \r\n");
    const auto got = w.import(file);
    CAPTURE(got.text);
    CHECK(got.status == 0);
    CHECK(got.said.at("published") == 2);
    CHECK(w.has_rows(2));
}

TEST_CASE("live events do not wait for an import that nobody stores yet") {
    import_world w;
    w.system.stop("nd-writer.import");
    const auto got = w.import(w.write("events.ndjson", events(5'000)));
    obligations oracle(w.system);
    http_client client(w.system["ND_URL"]);
    CHECK(oracle.send(client, w.tenant, 10).status == 202);
    CHECK(oracle.all_arrive(std::chrono::seconds(20)));
    CHECK(w.rows() == 10);
    w.system.start("nd-writer.import");
    CHECK(got.status == 0);
    CHECK(w.has_rows(5'010));
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
    const auto got = answer_of(done);
    CAPTURE(got.text);
    CHECK(got.status == 1);
    CHECK(got.said.at("published") == 5);
    CHECK(got.said.at("refused_lines") == 1);
    CHECK(w.has_rows(5));
}

TEST_CASE("an import without a tenant, a file or sense is refused") {
    import_world w;
    const auto file = w.write("events.ndjson", events(1));
    const auto status = [&w](const std::string& arguments) {
        return w.system.ndctl("import " + arguments).status;
    };
    CHECK(status(file) == 2);
    w.refused(file + " " + file, 2, "is named twice");
    CHECK(status("--tenant " + w.tenant.tenant) == 2);
    CHECK(status(file + " --tenant 00000000-0000-4000-8000-000000000001") == 1);
    CHECK(status(file + " --environment prod --tenant " + w.tenant.tenant) == 2);
    CHECK(status("--resume 999999") == 1);
    CHECK(status("--resume 1 " + file) == 2);
}
