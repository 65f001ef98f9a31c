#include "workers/call_verdict.hpp"

#include "model/enrich_answer.hpp"
#include "model/notes_json.hpp"
#include "model/short_text.hpp"

#include <fmt/format.h>

namespace nd::workers {
namespace {

constexpr std::size_t most_reason = 300;
// Of calls after which nobody could say whether they were worked on.
constexpr int most_unknown = 5;

// Once more in a smaller request, then it waits for a person.
job_end not_usable(const asked_job& job, const std::string& reason) {
    job_end end;
    end.is = job.smaller ? job_end::what::parked : job_end::what::again;
    end.smaller = true;
    end.reason = model::short_text(reason, most_reason);
    return end;
}

void all_not_usable(call_end& end, const std::vector<asked_job>& jobs, const std::string& reason) {
    for (const auto& job : jobs)
        end.jobs.push_back(not_usable(job, reason));
}

void all_again(call_end& end, const std::vector<asked_job>& jobs, const std::string& reason,
               std::chrono::milliseconds wait, bool counts) {
    for (const auto& job : jobs) {
        job_end again;
        again.reason = model::short_text(reason, most_reason);
        again.smaller = job.smaller;
        again.wait = wait;
        again.counts = counts;
        end.jobs.push_back(std::move(again));
    }
}

void take_notes(call_end& end, const model::response_answer& said,
                const std::vector<model::asked_page>& asked, const std::vector<asked_job>& jobs) {
    const auto answer = model::read_enrich_answer(said.text, asked);
    if (!answer) {
        end.outcome = "wrong_shape";
        all_not_usable(end, jobs, "wrong_shape: " + answer.error().detail);
        return;
    }
    end.outcome = "completed";
    end.dropped_notes = answer->strays + answer->repeated + answer->unfit;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (const auto& notes = answer->pages[i]) {
            job_end done;
            done.is = job_end::what::done;
            done.notes = model::to_json(*notes);
            end.jobs.push_back(std::move(done));
        } else {
            end.jobs.push_back(
                not_usable(jobs[i], "left_out: the answer says nothing of the page"));
        }
    }
}

}  // namespace

call_end judge_answer(const model::response_answer& said,
                      const std::vector<model::asked_page>& asked,
                      const std::vector<asked_job>& jobs) {
    using outcome = model::response_answer::outcome;
    call_end end;
    end.model = said.model;
    // Without a word on usage nobody knows what it cost: the most stays booked.
    end.money = said.usage ? call_end::booked::confirmed : call_end::booked::unconfirmed;
    end.usage = said.usage.value_or(model::token_usage{});
    switch (said.what) {
        case outcome::completed: take_notes(end, said, asked, jobs); break;
        case outcome::refusal:
            end.outcome = "refusal";
            all_not_usable(end, jobs, "refusal: " + said.text);
            break;
        case outcome::incomplete:
            end.outcome = "incomplete";
            all_not_usable(end, jobs, "incomplete: " + said.reason);
            break;
        case outcome::failed:
            end.outcome = "failed";
            all_not_usable(end, jobs, fmt::format("failed: {} {}", said.reason, said.text));
            break;
        case outcome::unfinished:
            end.outcome = "unfinished";
            all_not_usable(end, jobs, "unfinished: the answer was not complete");
            break;
    }
    return end;
}

call_end judge_fault(const model::api_fault& why, std::optional<std::chrono::milliseconds> wait,
                     const std::vector<asked_job>& jobs) {
    using model::fate;
    call_end end;
    end.outcome = model::to_string(why.what);
    end.request_id = why.request_id;
    const auto reason = fmt::format("{}: {} {}", end.outcome, why.code, why.detail);
    const auto pause = wait.value_or(std::chrono::milliseconds(0));
    switch (why.what) {
        case fate::retry:
        case fate::wait:
            end.service_failed = why.what == fate::retry;
            all_again(end, jobs, reason, pause, true);
            break;
        case fate::quota:
        case fate::setup:
            end.halt = model::short_text(reason, most_reason);
            all_again(end, jobs, reason, pause, false);
            break;
        case fate::refused: all_not_usable(end, jobs, reason); break;
        case fate::garbled:
            end.money = call_end::booked::unconfirmed;
            all_not_usable(end, jobs, reason);
            break;
        case fate::unknown:
            end.money = call_end::booked::unconfirmed;
            end.service_failed = true;
            all_again(end, jobs, reason, pause, true);
            for (std::size_t i = 0; i < jobs.size(); ++i)
                if (jobs[i].attempts >= most_unknown) end.jobs[i].is = job_end::what::parked;
            break;
    }
    return end;
}

}  // namespace nd::workers
