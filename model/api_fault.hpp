// What became of a call that brought no answer to use, and what to do about it: one function says
// it for every status, header and error code of the API. Pure. Made by openai_client; who called
// decides with next_try() when to call again.
#pragma once

#include "base/http_headers.hpp"
#include "model/rate_reading.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace nd::model {

enum class fate {
    retry,    // the service's trouble, or ours on the way there: again, with backoff
    wait,     // again, and not before `after` has passed
    quota,    // the account's money or quota is used up: an operator must act, never retried
    setup,    // the key, the model or the URL is wrong: an operator must act, every call would fail
    refused,  // this request is refused for good; another one may well work
    garbled,  // it was worked on and may have cost, but what came back is not of the API
    unknown,  // it may have arrived and been worked on: to send it again may cost it twice
};
[[nodiscard]] std::string_view to_string(fate what) noexcept;

struct api_fault {
    fate what = fate::refused;
    int status = 0;          // 0: no answer
    std::string code;        // the API's own word, e.g. rate_limit_exceeded; may be empty
    std::string detail;      // a sentence for a person; never holds the key
    std::string request_id;  // of the service, to ask its support about
    std::optional<std::chrono::milliseconds> after{};
    rate_reading rate{};
};
[[noreturn]] void throw_exception_from_error(const api_fault& e,
                                             const boost::source_location& where);

template <class T>
using api_result = boost::system::result<T, api_fault>;

// Of an answer that is no success.
[[nodiscard]] api_fault judge_reply(int status, const base::http_headers& headers,
                                    std::string_view body, std::time_t now);
// Of an exchange without an answer.
[[nodiscard]] api_fault judge_silence(bool may_have_arrived, std::string detail);

}  // namespace nd::model
