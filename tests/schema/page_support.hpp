// What the tests of page structures share: a page from text, through scanner and redactor.
#pragma once

#include "schema/page_record.hpp"
#include "schema/page_redactor.hpp"
#include "schema/page_scan.hpp"
#include "tests/schema/scan_support.hpp"

#include <string>
#include <string_view>

namespace nd::test {

inline schema::tenant_id tenant(std::uint8_t number) {
    schema::tenant_id id;
    id.value.bytes[15] = number;
    return id;
}

using page_result = boost::system::result<schema::safe_page, schema::problem>;

inline page_result redacted(std::string_view body, schema::redaction_counts* counts = nullptr,
                            schema::instant now = noon) {
    static schema::page_scanner scanner;
    static schema::page_redactor redactor;
    static schema::session_hasher hasher(std::string(32, 'p'));
    const std::string text = padded(body);
    const auto raw = scanner.scan(text.data(), body.size(), now);
    if (!raw) return raw.error();
    schema::session_hash session;
    if (!raw->session_id.empty()) session = hasher(tenant(1), raw->session_id);
    auto page = redactor.redact(*raw, session);
    if (counts) *counts = redactor.counts();
    return page;
}

inline std::string code_of(std::string_view body, std::string* detail = nullptr) {
    const auto page = redacted(body);
    if (page) return "accepted";
    if (detail) *detail = page.error().detail;
    return std::string(to_string(page.error().code));
}

inline std::string record_of(const schema::safe_page& page) {
    std::string record;
    schema::write_page_record(page, record);
    return record;
}

// A page of these elements, as JSON.
inline std::string page_of(std::string_view elements, std::string_view more = "") {
    return R"({"page":"/app",)" + std::string(more) + R"("elements":[)" + std::string(elements) +
           "]}";
}

// The name that an element of this role is left with.
inline std::string name_of(std::string_view role, std::string_view name,
                           std::string_view state = "{}") {
    const auto page =
        redacted(page_of(R"({"ref":1,"role":")" + std::string(role) + R"(","name":")" +
                         std::string(name) + R"(","state":)" + std::string(state) + "}"));
    return std::string(page->elements().front().name);
}

}  // namespace nd::test
