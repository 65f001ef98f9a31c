// Whether Postgres has a version of a page. Asked by head_page, through the desk.
#pragma once

#include "ingest/reader_desk.hpp"
#include "schema/ids.hpp"
#include "schema/page_fingerprint.hpp"

namespace nd::ingest {

// Errors: the desk's, and Postgres's own.
[[nodiscard]] base::task<base::result<bool>> knows_page(reader_desk& desk, schema::tenant_id tenant,
                                                        schema::page_fingerprint page);

}  // namespace nd::ingest
