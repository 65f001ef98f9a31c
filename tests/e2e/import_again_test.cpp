// Imports that are killed and gone on with, that meet a tombstone, and that are replayed.
#include "tests/e2e/import_world.hpp"

#include <signal.h>

#include <set>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// Empty before there is one.
json::object last_job(const import_world& w) {
    const auto got = ndctl(w.system, "replay list");
    const auto& jobs = got.said.at("jobs").as_array();
    return jobs.empty() ? json::object() : jobs.back().as_object();
}

std::int64_t count_of_job(const import_world& w, const char* name) {
    return last_job(w).at("counts").at(name).as_int64();
}

// In the world's folder, until it has done something; its job.
std::int64_t killed_import(const import_world& w, const std::string& arguments) {
    const auto started = w.system.run(
        fmt::format("cd '{}' && (ndctl import {} --tenant {} >/dev/null 2>&1 & echo $!)",
                    w.folder.string(), arguments, w.tenant.tenant));
    REQUIRE(eventually(30s, [&] {
        const auto one = last_job(w);
        return !one.empty() && one.at("kind") == "import" && one.at("state") == "running" &&
               one.at("counts").at("read").as_int64() > 0;
    }));
    ::kill(static_cast<pid_t>(std::stol(started.output)), SIGKILL);
    return last_job(w).at("job").as_int64();
}

}  // namespace

TEST_CASE("an import that is killed is gone on with; each refusal is reported once") {
    import_world w;
    std::string text;
    for (int i = 0; i < 40'000; ++i)
        text += i % 10 == 0 ? std::string("broken\n") : event(fresh_uuid()) + "\n";
    w.write("events.ndjson", text);
    // Said relative to the folder that it is started in, and gone on with from another.
    const auto id = killed_import(w, "events.ndjson --rate 5000 --refused refused.ndjson");
    CHECK(count_of_job(w, "read") < 40'000);
    const auto got = ndctl(w.system, fmt::format("import --resume {}", id));
    CAPTURE(got.text);
    CHECK(got.status == 1);
    CHECK(w.has_rows(36'000));
    CHECK(count_of_job(w, "read") == 40'000);
    CHECK(count_of_job(w, "dead") == 4'000);
    std::set<std::int64_t> lines;
    std::size_t reported = 0;
    std::ifstream in(w.path("refused.ndjson"));
    for (std::string line; std::getline(in, line); ++reported)
        lines.insert(json::parse(line).at("line").as_int64());
    CHECK(lines.size() == 4'000);
    CHECK(reported == 4'000);

    refused(w.system, fmt::format("import --resume {}", id), 1, "is done");
}

TEST_CASE("a file that has changed is not gone on with, nor is an import by replay resume") {
    import_world w;
    const auto file = w.write("events.ndjson", events(20'000));
    const auto id = killed_import(w, "events.ndjson --rate 5000");
    std::ofstream(file, std::ios::app) << events(1);
    refused(w.system, fmt::format("import --resume {}", id), 1, "no longer the file");
    refused(w.system, fmt::format("replay resume {}", id), 1,
            fmt::format("ndctl import --resume {}", id));
    CHECK(ndctl(w.system, fmt::format("replay cancel {}", id)).status == 0);
    refused(w.system, fmt::format("import --resume {}", id), 1, "is cancelled");
}

TEST_CASE("what was erased does not come back out of a file, what happened later does") {
    import_world w;
    const std::string ann = R"(,"user_id":"ann")";
    const auto file =
        w.write("events.ndjson", event(fresh_uuid(), ann) + "\n" +
                                     event(fresh_uuid(), R"(,"user_id":"ben")") + "\n" + events(1));
    REQUIRE(w.import(file).status == 0);
    REQUIRE(w.has_rows(3));
    const auto erase = "erase --tenant " + w.tenant.tenant;
    REQUIRE(ndctl(w.system, erase + " --user ann").status == 0);
    CHECK(w.rows() == 2);
    const auto later = w.write("later.ndjson", event(fresh_uuid(), ann));
    const auto got = w.import(file + " " + later);
    CAPTURE(got.text);
    CHECK(got.status == 1);
    CHECK(got.said.at("published") == 3);
    const auto& refusals = got.said.at("refused_first").as_array();
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0].at("line") == 1);
    CHECK(json::value_to<std::string>(refusals[0].at("reason")).starts_with("erased: "));
    CHECK(w.has_rows(3));
    REQUIRE(ndctl(w.system, erase).status == 0);
    CHECK(w.import("--dry-run " + file + " " + later).said.at("accepted") == 0);
}

TEST_CASE("imported events that are lost come back by a replay of their topic") {
    import_world w;
    const auto since = now_text();
    const auto file = w.write("events.ndjson", events(300));
    REQUIRE(w.import(file + " --environment test").status == 0);
    REQUIRE(w.has_rows(300));
    const auto mine = fmt::format("nd.events where tenant_id = '{}'", w.tenant.tenant);
    const auto gone =
        "with d as (delete from " + mine + " returning 1) select count(*) as n from d";
    CHECK(admin_number(w.system, gone) == 300);
    const auto got = ndctl(
        w.system, "replay --topic nd.import.v1 --tenant " + w.tenant.tenant + " --from " + since);
    CAPTURE(got.text);
    CHECK(got.status == 0);
    CHECK(got.said.at("counts").at("written") == 300);
    CHECK(admin_number(w.system,
                       "select count(*) as n from " + mine + " and environment = 'test'") == 300);
}
