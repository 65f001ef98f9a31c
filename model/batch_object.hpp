// A batch as the service tells of it, and a page of the list of them. Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nd::model {

enum class batch_status {
    validating,
    in_progress,
    finalizing,
    cancelling,
    completed,  // some of its requests may have failed all the same
    expired,    // what was done in time is in its files
    cancelled,  // likewise
    failed,     // the input file is at fault: nothing was done
    other,      // a word that we do not know: treated as not ended
};
[[nodiscard]] bool has_ended(batch_status is) noexcept;
[[nodiscard]] std::string_view to_string(batch_status is) noexcept;

struct batch_fault {  // of the input file
    std::string code;
    std::string message;
    std::int64_t line = 0;  // 0: of the file as a whole
};

struct batch_object {
    std::string id;
    batch_status status = batch_status::other;
    std::string input_file_id;
    std::string output_file_id;  // "" when there is none
    std::string error_file_id;
    std::map<std::string, std::string> metadata;
    std::vector<batch_fault> faults;
    std::int64_t created_at = 0;  // seconds since 1970
    std::int64_t total = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
};

struct batch_list {
    std::vector<batch_object> batches;
    bool has_more = false;
    std::string last_id;  // where the next page begins
};

// errc::data when it is no such object.
[[nodiscard]] base::result<batch_object> read_batch(std::string_view body);
[[nodiscard]] base::result<batch_list> read_batch_list(std::string_view body);
// A file's or any object's id. errc::data when there is none.
[[nodiscard]] base::result<std::string> read_id(std::string_view body);

}  // namespace nd::model
