// Pages for the tests of this folder, through the redactor as all pages.
#pragma once

#include "schema/model_page.hpp"
#include "schema/page_redactor.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace nd::tests {

struct sample_element {
    std::string_view role;
    std::string_view name;
    std::string_view section = "main";
};

inline schema::tenant_id sample_tenant(std::uint8_t number) {
    schema::tenant_id made;
    made.value.bytes[15] = number;
    return made;
}

// `seen`: which texts the model may see; all of them by default.
inline schema::model_page sample_page(
    const schema::tenant_id& tenant, std::string_view path,
    const std::vector<sample_element>& elements,
    const std::function<bool(const schema::page_text&)>& seen = [](const auto&) { return true; }) {
    std::vector<schema::raw_element> raw;
    for (const auto& one : elements)
        raw.push_back(
            {static_cast<std::uint32_t>(raw.size() + 1), 0, one.role, one.name, {}, one.section});
    schema::page_redactor redactor;
    schema::raw_page page;
    page.page = path;
    page.title = "A title";
    page.elements = raw;
    const auto safe = redactor.redact(page, schema::session_hash()).value();
    return schema::visible_to_model(tenant, safe, seen);
}

}  // namespace nd::tests
