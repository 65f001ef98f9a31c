// nd-faults: a fault campaign from the command line, see campaign.hpp. `./dev faults` runs it.
// Exits 0 when it found nothing, 1 when it did, 2 for a wrong command line.
#include "tests/faults/campaign.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <fstream>

namespace {

int run(nd::tests::campaign_options options, double minutes, const std::string& out) {
    using std::chrono::duration;
    using std::chrono::seconds;
    options.longest =
        std::chrono::duration_cast<seconds>(duration<double, std::ratio<60>>(minutes));
    // 15 in an hour. On a machine too slow for that the run takes longer.
    options.least = static_cast<std::size_t>(minutes / 4);
    fmt::print(stderr, "seed {}; the timeline is in {}/timeline.log\n", options.seed,
               options.system.folder);
    const auto found = nd::tests::run_campaign(options);
    fmt::print("{}", nd::tests::text_of(found));
    if (!out.empty()) std::ofstream(out) << nd::tests::json_of(found);
    return found.passed() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    nd::tests::campaign_options options;
    double minutes = 5;
    double round = 4;
    std::string out;
    bool quiet = false;
    options.seed = std::random_device{}();
    CLI::App app{
        "Torments a system of its own and proves that nothing is lost, doubled or mixed up",
        "./dev faults"};
    app.add_option("--seed", options.seed,
                   "of every choice; printed, so that it can be given again");
    app.add_option("--minutes", minutes,
                   "how long; more when a kind of fault came less than once in 4 minutes")
        ->check(CLI::Range(0.1, 1440.0));
    app.add_option("--round", round, "minutes between two checks")->check(CLI::Range(0.1, 60.0));
    app.add_option("--brokers", options.system.brokers, "1, or 3 that replicate to each other")
        ->check(CLI::IsMember({1, 3}));
    app.add_option("--writers", options.system.writers, "nd-writers")->check(CLI::Range(2, 8));
    app.add_option("--out", out, "file for the summary as JSON");
    app.add_option("--folder", options.system.folder, "an empty or new one for everything else")
        ->required();
    app.add_flag("--quiet", quiet, "the timeline only in its file");
    try {
        app.parse(argc, argv);
        options.aloud = !quiet;
        options.round = std::chrono::seconds(static_cast<int>(round * 60));
        return run(options, minutes, out);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    } catch (const std::exception& e) {
        fmt::print(stderr, "nd-faults: {}\n", e.what());
        return 1;
    }
}
