// The model's text -> notes on the pages that were asked about. Nothing in it is trusted: its shape
// is checked again, ids that were not in the request are dropped and counted, texts are bounded,
// and a text with a web address in it is dropped, because a page may have told the model to give
// one. Pure.
#pragma once

#include "base/result.hpp"
#include "model/asked_page.hpp"
#include "model/page_notes.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace nd::model {

struct enrich_answer {
    // As many as were asked about, in their order; nullopt: the answer says nothing of that page.
    std::vector<std::optional<page_notes>> pages;
    std::size_t strays = 0;    // of pages, elements, sections or steps that were not asked about
    std::size_t repeated = 0;  // a second note on the same thing
    std::size_t unfit = 0;     // of a wrong shape, empty, or with an address in it
};

// errc::data when the text is not of the schema's shape at all, or has a note on no page.
[[nodiscard]] base::result<enrich_answer> read_enrich_answer(std::string_view text,
                                                             const std::vector<asked_page>& asked);

}  // namespace nd::model
