// The route of a page out of its address: without host, query and fragment (a single-page
// application's #/route too: it may hold anything), and with `:id` for each segment that looks like
// somebody's id, token or address. Pure; called by the page redactor. What it gives back it leaves
// as it is when asked again.
#pragma once

#include "schema/redact_text.hpp"

#include <string>
#include <string_view>

namespace nd::schema {

// `page` is UTF-8. Begins with a slash, at most max_page_bytes.
[[nodiscard]] std::string redact_path(std::string_view page, redaction_counts& counts);

}  // namespace nd::schema
