// Whether Postgres has a version of a page. Asked by head_page, through the desk.
#pragma once

#include "ingest/reader_desk.hpp"
#include "schema/ids.hpp"
#include "schema/page_fingerprint.hpp"

namespace nd::ingest {

// Errors: the desk's, and Postgres's own.
[[nodiscard]] base::task<base::result<bool>> knows_page(reader_desk& desk, schema::tenant_id tenant,
                                                        schema::page_fingerprint page);

// The body of GET /v1/schema?page=, or of the list for an empty page. Empty: there is no such page.
[[nodiscard]] base::task<base::result<std::string>> look_up_page(reader_desk& desk,
                                                                 schema::tenant_id tenant,
                                                                 std::string page);

}  // namespace nd::ingest
