// What the model says about a page, checked and bound to the page's own elements: what is stored
// and given to the tenant.
#pragma once

#include "schema/model_page.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::model {

enum class element_kind : std::uint8_t {
    action,
    navigation,
    input,
    choice,
    display,
    container,
    other,
};
[[nodiscard]] std::string_view to_string(element_kind kind) noexcept;
[[nodiscard]] std::optional<element_kind> parse_element_kind(std::string_view name) noexcept;

struct element_note {
    // Holds for all elements with this role, name and section; the ordinal is the first one's.
    schema::element_key key;
    element_kind kind = element_kind::other;
    std::string label;
    std::string purpose;
    bool gated = false;
};

struct section_note {
    std::string name;
    std::string purpose;
};

struct tour_step {
    schema::element_key element;
    std::string say;
};

struct tour {
    std::string title;
    std::vector<tour_step> steps;
};

struct page_notes {
    std::string purpose;
    std::vector<section_note> sections;
    std::vector<element_note> elements;
    std::vector<tour> tours;  // at most three
};

}  // namespace nd::model
