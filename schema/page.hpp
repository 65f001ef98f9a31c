// A page structure on both sides of the redactor: raw_page is what a client sent, as views;
// safe_page is what may leave the edge, and only page_redactor can make one. So whatever takes a
// safe_page (the record's writer, the fingerprint, the model's view) cannot be given anything that
// was not redacted. Pure.
#pragma once

#include "schema/aria_role.hpp"
#include "schema/element_state.hpp"
#include "schema/instant.hpp"
#include "schema/session_hash.hpp"
#include "schema/text_store.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nd::schema {

// Unescaped views into the scanned text. Nothing of it is safe.
struct raw_element {
    std::uint32_t ref = 0;
    std::uint32_t parent = 0;  // a ref, 0: none
    std::string_view role;
    std::string_view name;
    element_state state;
    std::string_view section;
};

struct raw_page {
    std::string_view page;
    std::string_view title;
    instant captured_at;
    std::string_view session_id;    // of a request; never leaves the edge
    std::string_view session_hash;  // of a record, instead
    std::span<const raw_element> elements;
};

struct page_element {
    std::uint32_t ref = 0;     // 1 to n, in document order
    std::uint32_t parent = 0;  // the ref of an element before it, 0: none
    aria_role role = aria_role::generic;
    std::string_view name;  // empty, redacted, or `[content]`; lives as long as its page
    element_state state;
    std::string_view section;

    friend bool operator==(const page_element&, const page_element&) = default;
};

class safe_page {
  public:
    [[nodiscard]] const std::string& page() const noexcept { return page_; }
    [[nodiscard]] const std::string& title() const noexcept { return title_; }
    [[nodiscard]] instant captured_at() const noexcept { return captured_at_; }
    // Empty when the page named no session.
    [[nodiscard]] const session_hash& session() const noexcept { return session_; }
    [[nodiscard]] const std::vector<page_element>& elements() const noexcept { return elements_; }

    friend bool operator==(const safe_page& a, const safe_page& b) {
        return a.page_ == b.page_ && a.title_ == b.title_ && a.captured_at_ == b.captured_at_ &&
               a.session_ == b.session_ && a.elements_ == b.elements_;
    }

  private:
    friend class page_redactor;
    safe_page() = default;

    std::string page_;
    std::string title_;
    instant captured_at_;
    session_hash session_;
    std::vector<page_element> elements_;
    // Of the elements' texts, which never change: pages that were copied share it.
    std::shared_ptr<const text_store> texts_;
};

}  // namespace nd::schema
