// The input file of a batch as the service reads it, and the lines that it writes. Pure.
#pragma once

#include "tests/openai/stub_message.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nd::tests {

struct batch_input_line {
    std::string custom_id;
    boost::json::object body;
};

// The lines, or what is wrong with the file as errors.data has it (code, message, param, line).
[[nodiscard]] std::variant<std::vector<batch_input_line>, boost::json::array> read_batch_input(
    std::string_view file, std::string_view endpoint);

// A line of the output file (200) or of the error file.
[[nodiscard]] std::string output_line(const std::string& id, const std::string& custom_id,
                                      int status, const boost::json::object& body);
// A line of the error file about a request that was never worked on.
[[nodiscard]] std::string unworked_line(const std::string& id, const std::string& custom_id,
                                        const std::string& code);

}  // namespace nd::tests
