#include "workers/batch_verdict.hpp"

#include "model/response_answer.hpp"

#include <ctime>
#include <utility>

namespace nd::workers {

call_end not_done(const std::vector<asked_job>& jobs, const std::string& why, bool by_batch,
                  call_end::booked money) {
    call_end end;
    end.outcome = money == call_end::booked::nothing ? "not_done" : "unknown";
    end.money = money;
    for (const auto& job : jobs) {
        job_end one;
        one.reason = why;
        one.smaller = job.smaller;
        one.counts = false;
        one.by_batch = by_batch && !job.smaller;
        end.jobs.push_back(std::move(one));
    }
    return end;
}

call_end judge_line(const model::batch_line* line, const model::batch_object& ended,
                    const asked_call& asked) {
    // A batch that failed was not begun. Otherwise what no file tells of may have been worked on.
    if (line == nullptr && ended.status == model::batch_status::failed) {
        const auto why = ended.faults.empty() ? "no reason given" : ended.faults.front().message;
        return not_done(asked.jobs, "batch_failed: " + why, false);
    }
    if (line == nullptr)
        return not_done(asked.jobs, "batch: it has no answer to this", false,
                        call_end::booked::unconfirmed);
    if (line->status == 0)
        return not_done(asked.jobs, line->error_code + ": " + line->error_message, false);
    if (line->status != 200) {
        const auto why = model::judge_reply(line->status, {}, line->body, std::time(nullptr));
        return judge_fault(why, std::chrono::milliseconds(0), asked.jobs);
    }
    const auto said = model::read_response(line->body);
    if (!said) {
        model::api_fault garbled;
        garbled.what = model::fate::garbled;
        garbled.detail = said.error().detail;
        return judge_fault(garbled, std::nullopt, asked.jobs);
    }
    auto how = judge_answer(*said, asked.pages, asked.jobs);
    how.request_id = line->request_id;
    return how;
}

}  // namespace nd::workers
