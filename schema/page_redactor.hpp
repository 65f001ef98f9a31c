// The only maker of safe_page: a page as it was sent -> what may leave the edge. The record is
// rebuilt from an allow-list: roles and states are words of ours, names are kept where the product
// authors them, and every text that is kept passes redact_text. Called by the edge for requests and
// by the record's reader, for which it changes nothing. One object per thread. Pure.
#pragma once

#include "schema/page.hpp"
#include "schema/page_tree.hpp"
#include "schema/problem.hpp"
#include "schema/redact_text.hpp"

#include <boost/system/result.hpp>

#include <string_view>

namespace nd::schema {

// What stands for the name of a content role.
inline constexpr std::string_view content_mark = "[content]";

class page_redactor {
  public:
    // `session`: who counts the page's sessions; raw.session_id itself is not looked at. Errors:
    // page_tree's.
    [[nodiscard]] boost::system::result<safe_page, problem> redact(const raw_page& raw,
                                                                   session_hash session);
    // Of the last page.
    [[nodiscard]] const redaction_counts& counts() const noexcept { return counts_; }

  private:
    void redact_element(const raw_element& from, text_store& texts, page_element& into);
    [[nodiscard]] std::string_view kept(std::string_view text, text_store& texts);

    page_tree tree_;
    redaction_counts counts_;
};

}  // namespace nd::schema
