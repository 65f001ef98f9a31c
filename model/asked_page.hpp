// What one request asked about a page: the answer is held against it. Made by enrich_request, read
// by read_enrich_answer().
#pragma once

#include "schema/model_page.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace nd::model {

// A request shows so many bytes of a section's name (short_text).
inline constexpr std::size_t most_section = 80;

struct asked_page {
    std::string id;                             // in the request: "1", "2", ..
    std::vector<schema::element_key> elements;  // the nth has the id "<page>.<n>", from 1
};

}  // namespace nd::model
