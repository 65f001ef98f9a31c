// What a client is told when Kafka did not take what it sent. Pure; called by the operations that
// publish.
#pragma once

#include "base/result.hpp"
#include "ingest/gate.hpp"

namespace nd::ingest {

[[nodiscard]] inline schema::problem publish_problem(const base::error& why) {
    using schema::problem_code;
    switch (why.code) {
        case base::errc::busy:
            return {problem_code::busy,
                    "the queue to the event log is full: send the request again", retry_busy};
        case base::errc::refused:
            return {problem_code::publish_refused,
                    "the event log refuses this and an operator has to act: sending again will "
                    "not help yet"};
        default:
            return {problem_code::unavailable,
                    "not all of it could be stored in time: send the whole request again, nothing "
                    "will be there twice",
                    retry_unavailable};
    }
}

}  // namespace nd::ingest
