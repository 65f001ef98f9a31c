#include "model/multipart.hpp"

#include "base/hmac.hpp"

#include <fmt/format.h>

#include <iterator>

namespace nd::model {

multipart_form make_multipart(const std::vector<std::pair<std::string, std::string>>& fields,
                              std::string_view file_name, std::string_view file) {
    const auto boundary = "nd-" + base::to_hex(base::sha256(file)).substr(0, 40);
    multipart_form made;
    made.content_type = "multipart/form-data; boundary=" + boundary;
    made.body.reserve(file.size() + 1024);
    auto out = std::back_inserter(made.body);
    for (const auto& [name, value] : fields)
        fmt::format_to(out, "--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                       boundary, name, value);
    fmt::format_to(out,
                   "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n"
                   "Content-Type: application/jsonl\r\n\r\n",
                   boundary, file_name);
    made.body += file;
    fmt::format_to(out, "\r\n--{}--\r\n", boundary);
    return made;
}

}  // namespace nd::model
