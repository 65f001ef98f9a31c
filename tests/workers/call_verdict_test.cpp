#include "workers/call_verdict.hpp"
#include "workers/asked_json.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::workers;
using what = job_end::what;
using booked = call_end::booked;

namespace {

std::vector<asked_job> jobs_with(bool smaller, int attempts = 0) {
    asked_job one;
    one.smaller = smaller;
    one.attempts = attempts;
    return {one, one};
}

call_end of_fault(model::fate fate, bool smaller = false, int attempts = 0) {
    model::api_fault why;
    why.what = fate;
    return judge_fault(why, std::chrono::milliseconds(700), jobs_with(smaller, attempts));
}

}  // namespace

TEST_CASE("what a fault means for the jobs, the ledger and the next calls") {
    using model::fate;
    struct row {
        fate why;
        what first;
        what second;  // when the request was a smaller one already
        booked money;
        bool service_failed;
        bool halts;
    };
    for (const auto& one :
         {row{fate::retry, what::again, what::again, booked::nothing, true, false},
          row{fate::wait, what::again, what::again, booked::nothing, false, false},
          row{fate::quota, what::again, what::again, booked::nothing, false, true},
          row{fate::setup, what::again, what::again, booked::nothing, false, true},
          row{fate::refused, what::again, what::parked, booked::nothing, false, false},
          row{fate::garbled, what::again, what::parked, booked::unconfirmed, false, false},
          row{fate::unknown, what::again, what::again, booked::unconfirmed, true, false}}) {
        CAPTURE(model::to_string(one.why));
        const auto first = of_fault(one.why);
        REQUIRE(first.jobs.size() == 2);
        CHECK(first.jobs[1].is == one.first);
        CHECK(of_fault(one.why, true).jobs[1].is == one.second);
        CHECK(first.money == one.money);
        CHECK(first.service_failed == one.service_failed);
        CHECK(first.halt.empty() != one.halts);
    }
    CHECK(of_fault(fate::retry).jobs[0].wait == std::chrono::milliseconds(700));
    CHECK_FALSE(of_fault(fate::quota).jobs[0].counts);
    CHECK(of_fault(fate::unknown, false, 5).jobs[0].is == what::parked);
}

TEST_CASE(
    "an answer without its usage leaves the most booked; a refusal comes smaller, then parks") {
    model::response_answer said;
    said.what = model::response_answer::outcome::refusal;
    said.text = "I cannot help with that";
    const auto first = judge_answer(said, {}, jobs_with(false));
    CHECK(first.money == booked::unconfirmed);
    CHECK(first.jobs[0].is == what::again);
    CHECK(first.jobs[0].smaller);
    said.usage = model::token_usage{10, 0, 20};
    const auto second = judge_answer(said, {}, jobs_with(true));
    CHECK(second.money == booked::confirmed);
    CHECK(second.usage.output == 20);
    CHECK(second.jobs[0].is == what::parked);
    CHECK(second.jobs[0].reason == "refusal: I cannot help with that");
}

TEST_CASE("what a batch asked about is read back as it was, and nothing else is") {
    std::vector<model::asked_page> pages{
        {"1", {{schema::aria_role::button, "Save \"it\"", "main", 2}}}, {"2", {}}};
    auto jobs = jobs_with(true, 3);
    jobs[0].structure.bytes[0] = 7;
    const auto read = read_asked(asked_to_json(pages, jobs));
    REQUIRE(read.has_value());
    REQUIRE(read->pages.size() == 2);
    CHECK(read->pages[0].id == "1");
    CHECK(read->pages[0].elements == pages[0].elements);
    CHECK(read->jobs[0].structure == jobs[0].structure);
    CHECK(read->jobs[1].attempts == 3);
    CHECK(read->jobs[1].smaller);
    for (const auto* bad : {"", "{}", "[1]", R"([{"id":"1"}])",
                            R"([{"structure":"00","smaller":true,"elements":[]}])"})
        CHECK(read_asked(bad).has_error());
}
