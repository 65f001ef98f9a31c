// A page structure as the value of a record of nd.pages.v1, written and read back. Written from a
// safe_page only; read back through the redactor, so that whoever reads has a safe_page again
// whatever stood in the topic. Pure. Called by the edge's sink and by the enricher.
#pragma once

#include "base/result.hpp"
#include "schema/byte_writer.hpp"
#include "schema/page.hpp"
#include "schema/page_redactor.hpp"
#include "schema/page_scan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nd::schema {

// Appends a JSON object. Members without a value are left out, but not `page` and `elements`.
void write_page_record(const safe_page& page, byte_writer& to);
void write_page_record(const safe_page& page, std::string& to);
// The elements alone, as the JSON array of the record: what nd.page_versions keeps.
void write_page_elements(const safe_page& page, std::string& to);

// One per thread.
class page_record_reader {
  public:
    // errc::data when it is no page; `detail` is "code: sentence", the reason for nd.dead.v1.
    [[nodiscard]] base::result<safe_page> read(std::string_view value);

  private:
    std::vector<char> padded_;
    page_scanner scanner_;
    page_redactor redactor_;
};

}  // namespace nd::schema
