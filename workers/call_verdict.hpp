// What an answer, or its absence, means for a call's jobs and for the ledger: one function for both
// ways. Pure.
#pragma once

#include "model/api_fault.hpp"
#include "model/asked_page.hpp"
#include "model/response_answer.hpp"
#include "model/token_usage.hpp"
#include "schema/page_fingerprint.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nd::workers {

struct asked_job {
    schema::page_fingerprint structure;
    int attempts = 0;
    bool smaller = false;  // it was asked about in a smaller request already
};

struct job_end {
    enum class what { done, again, parked };
    what is = what::again;
    std::string notes;   // JSON, of `done`
    std::string reason;  // "code: sentence", of the others
    bool smaller = false;
    bool counts = true;     // as an attempt
    bool by_batch = false;  // the next try; else the fresh way
    std::chrono::milliseconds wait{0};
};

struct call_end {
    enum class booked { confirmed, unconfirmed, nothing };
    booked money = booked::nothing;
    model::token_usage usage;  // of `confirmed`
    std::string outcome;       // a word of few
    std::string request_id;
    std::string model;
    std::vector<job_end> jobs;  // in the order of what was asked
    std::size_t dropped_notes = 0;
    bool service_failed = false;  // for the circuit breaker
    std::string halt;             // not empty: no call may follow until an operator has acted
};

// `asked` and `jobs` are of the same pages in the same order.
[[nodiscard]] call_end judge_answer(const model::response_answer& said,
                                    const std::vector<model::asked_page>& asked,
                                    const std::vector<asked_job>& jobs);
// `wait`: from next_try(), when there is to be one.
[[nodiscard]] call_end judge_fault(const model::api_fault& why,
                                   std::optional<std::chrono::milliseconds> wait,
                                   const std::vector<asked_job>& jobs);

}  // namespace nd::workers
