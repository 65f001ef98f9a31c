// nd-bench's scenarios scale, edge and pages on a system of its own, as small as they can be: every
// part runs, what it found is there, and the sizing is made from it. The figures are not judged.
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>

using namespace nd::tests;

namespace {

// A small value for everything that makes a real run long.
constexpr const char* small =
    " --one-core --rounds 1 --seconds 0.4 --warm-up 0.2 --tenants 300 --connections 4 --events "
    "3000 "
    "--rate 4000 --partitions 2 --partitions 5 --table-rows 0 --table-rows 20000 ";

std::string bench(const stack& on, const std::string& arguments) {
    return "export ND_BENCH_BROKER_PID=" + std::to_string(on.pid("kafka")) +
           " ND_BENCH_RECORDING=" ND_RECORDING " ND_BENCH_LOG_DIR='" + on.run_dir() + "/log'; '" +
           std::getenv("ND_TEST_BIN") + "/nd-bench' " + arguments;
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void must_have(const std::string& report, std::initializer_list<const char*> figures) {
    CHECK(report.find(R"("sound":true)") != std::string::npos);
    for (const auto* figure : figures) {
        CAPTURE(figure);
        CHECK(report.find('"' + std::string(figure) + '"') != std::string::npos);
    }
}

}  // namespace

TEST_CASE("scale runs every part on a system of its own, and sizing reads what it wrote") {
    stack system("bench");
    system.stop("nd-ingest");
    system.stop("nd-writer");
    const auto out = system.run_dir() + "/scale.json";
    const auto done = system.run(bench(system, std::string("run scale") + small + "--out " + out));
    CAPTURE(done.output);
    CHECK(done.status == 0);
    const auto report = contents(out);
    must_have(report,
              {"scale.front-ends.1.steady.ratio", "scale.front-ends.4.flat-out.rate",
               "scale.front-ends.2.flat-out.cores.nd-ingest", "scale.writers.1.ratio",
               "scale.writers.4.cpu.postgres", "scale.writers.3.connection.wal",
               "scale.partitions.2.cpu.nd-ingest", "scale.partitions.5.ratio",
               "scale.table.0.50.ratio", "scale.table.20000.2000.ratio", "scale.table.20000.disk"});
    for (const auto* note : {"scale.writers.1: ", "scale.front-ends.4.flat-out: "})
        CHECK(report.find(note) != std::string::npos);

    const auto sized = system.run(bench(system, "sizing " + out));
    CAPTURE(sized.output);
    CHECK(sized.status == 0);
    CHECK(sized.output.find("| 1,000,000 |") != std::string::npos);

    // Nothing of what filled the table is left, and the topic has as many partitions as before.
    CHECK(
        system.run("psql -X -At -d \"$ND_ADMIN_DATABASE_URL\" -c 'select count(*) from nd.events'")
            .output == "0\n");
    CHECK(system.ndctl("topics").status == 0);
}

TEST_CASE("edge stands beside its limits, and beside a bare edge where the peers ran like it") {
    stack system("bench-edge");
    for (const auto* program : {"nd-ingest", "nd-writer", "nd-enricher", "nd-openai-stub"})
        system.stop(program);
    const auto out = system.run_dir() + "/edge.json";
    const std::string arguments =
        "run edge --one-core --rounds 1 --seconds 0.4 --warm-up 0.2 --tenants 100 --connections 4 "
        "--no-search --events-per-request 1 --out " +
        out;
    const auto plain = system.run(bench(system, arguments));
    CAPTURE(plain.output);
    CHECK(plain.status == 0);
    const auto report = contents(out);
    must_have(report, {"edge.1.saturated.ratio", "edge.1.paced.p99", "edge.1.saturated.bare_edge",
                       "edge.1.saturated.below_best_peer"});

    const auto packed = system.run(bench(system, arguments + " --encoding zstd"));
    CAPTURE(packed.output);
    CHECK(packed.status == 0);
    CHECK(contents(out).find("edge.zstd.1.saturated.ratio") != std::string::npos);
    CHECK(contents(out).find("bare_edge") == std::string::npos);
}

TEST_CASE("pages measures the edge, the enricher and reading, and agrees with what was sent") {
    stack system("bench-pages");
    for (const auto* program : {"nd-ingest", "nd-writer", "nd-enricher", "nd-openai-stub"})
        system.stop(program);
    const auto out = system.run_dir() + "/pages.json";
    const auto done = system.run(
        bench(system,
              "run pages --one-core --rounds 1 --seconds 0.5 --warm-up 0.2 --tenants 100 "
              "--connections 4 --events 60 --out " +
                  out));
    CAPTURE(done.output);
    CHECK(done.status == 0);
    const auto report = contents(out);
    must_have(report,
              {"pages.edge.saturated.ratio", "pages.edge.paced.ratio", "pages.enricher.rate",
               "pages.read.full.p99", "pages.read.unchanged.p99", "pages.read.list.p99"});
    CHECK(report.find("60 distinct pages were sent") != std::string::npos);
    CHECK(report.find("60 structures are enriched") != std::string::npos);
}
