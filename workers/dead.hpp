// Records that cannot be stored, and the form in which nd.dead.v1 keeps them: the original key and
// value, what is needed to bring them back, and why they are there. Pure; deliver publishes them.
#pragma once

#include "base/kafka_sync_producer.hpp"
#include "schema/environment.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nd::workers {

struct dead_letter {
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::optional<std::string> environment;  // headers of the original, kept for a replay
    std::optional<std::string> request;
    std::optional<std::string> attempt;  // as the original came; published one higher
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string sqlstate;                     // empty when the writer itself could not read it
    std::string reason;                       // "code: sentence"
    std::optional<std::int64_t> received_ms;  // when the original first arrived, if anybody knows
    std::optional<std::string> history;       // of its deaths before this one
    std::optional<std::string> receipt;       // a header of the original too
};

// `topic` is where the original is.
[[nodiscard]] base::outgoing_record to_record(const dead_letter& letter, const std::string& topic);

// The code of a reason, for the metric: few values, never a part of the event.
[[nodiscard]] std::string_view reason_code(std::string_view reason);

}  // namespace nd::workers
