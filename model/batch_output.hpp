// What a batch brought: the lines of its output file and of its error file, which look alike and
// come in any order. Pure. Both files are read, whatever the batch's status says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nd::model {

struct batch_line {
    std::string custom_id;
    int status = 0;          // of the request's own answer; 0: it has none, `error_code` says why
    std::string request_id;  // of the service
    std::string body;        // JSON text: a response, or an error object when `status` is no 200
    std::string error_code;  // batch_expired, batch_cancelled, request_timeout
    std::string error_message;
};

struct batch_lines {
    std::vector<batch_line> lines;  // of each custom_id the first
    std::size_t unreadable = 0;     // no JSON, or no custom_id
    std::size_t repeated = 0;
};

// Of both files at once, in this order; either may be empty.
[[nodiscard]] batch_lines read_batch_output(std::string_view output, std::string_view errors);

}  // namespace nd::model
