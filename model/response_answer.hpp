// An answer of POST /v1/responses, or the body of a batch's output line: the same object. Pure.
// What the model wrote is still text here; enrich_answer makes something of it.
#pragma once

#include "base/result.hpp"
#include "model/token_usage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nd::model {

struct response_answer {
    enum class outcome {
        completed,
        refusal,     // the model does not want to; `text` is what it says
        incomplete,  // cut off; `reason` is max_output_tokens or content_filter
        failed,      // `reason` is the service's error code, `text` its message
        unfinished,  // queued, in progress or cancelled: nothing that we asked for
    };
    outcome what = outcome::failed;
    std::string id;
    std::string model;  // the exact one that answered
    std::string text;
    std::string reason;
    std::optional<token_usage> usage;  // some gateways do not say
};

// errc::data when it is no such object.
[[nodiscard]] base::result<response_answer> read_response(std::string_view body);

}  // namespace nd::model
