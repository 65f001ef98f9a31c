// A form with a file in it, as POST /v1/files wants it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::model {

struct multipart_form {
    std::string content_type;  // with the boundary
    std::string body;
};

// Names and values are ours: without quotes and line ends. The boundary is made of the file's
// digest, so that the file cannot hold it.
[[nodiscard]] multipart_form make_multipart(
    const std::vector<std::pair<std::string, std::string>>& fields, std::string_view file_name,
    std::string_view file);

}  // namespace nd::model
