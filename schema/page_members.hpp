// One page under the cursor: its members by name, and its elements', each judged as it comes. An
// allow-list: what is not named here is judged as JSON and forgotten. Called by page_scan only.
#pragma once

#include "schema/json_cursor.hpp"
#include "schema/page.hpp"
#include "schema/problem.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nd::schema {

struct page_draft {
    raw_page page;
    std::vector<raw_element> elements;
    bool has_time = false;
    std::optional<problem> fault;  // the first one; the page is complete only without

    void clear();
    void refuse(problem_code code, std::string detail) {
        if (!fault) fault = problem{code, std::move(detail)};
    }
};

// Reads one value, whatever it is. false: the text is not JSON (see cursor.error()), or there are
// too many elements, which ends the reading (then `draft.fault` is too_many_elements).
[[nodiscard]] bool read_page(json_cursor& cursor, page_draft& draft);

}  // namespace nd::schema
