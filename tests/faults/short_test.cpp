// A short campaign with a seed of its own: the least that every change must live through.
#include "tests/faults/campaign.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace nd::tests;
using namespace std::chrono_literals;

TEST_CASE("kills, a kill in a CALL and cuts: nothing is missing, double, foreign or different") {
    campaign_options options;
    options.seed = 20250601;
    options.longest = 300s;  // it ends with the last card; this is for a very busy machine
    options.round = 300s;
    options.system.folder = std::string(std::getenv("ND_RUN_DIR")) + "/faults";
    options.system.writers = 2;
    options.lanes = short_lanes();
    options.one_deck = true;
    options.aloud = false;
    const auto found = run_campaign(options);
    MESSAGE(text_of(found));
    CHECK_MESSAGE(found.passed(), "the timeline is in " << options.system.folder);
    CHECK(found.count("kill", "broker") >= 1);
    CHECK(found.count("kill", "postgres") >= 1);
    CHECK(found.count("cut") >= 1);
    CHECK(found.count("kill in a CALL") >= 1);
    REQUIRE_FALSE(found.caught.empty());
    CHECK(found.caught.front().rows > 0);
    CHECK(found.accepted > 0);
    REQUIRE(found.proofs.size() == 2);
    CHECK(found.proofs[1].find(" 0 rows changed") != std::string::npos);
}
