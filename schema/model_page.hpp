// What the model may see of a page: the structure, with `[unseen]` for every text that was not met
// in enough distinct sessions (a tenant's min_sessions): what only one person ever saw may be that
// person's. Only visible_to_model() makes one, out of a safe_page; the request builder takes
// nothing else. Pure; called by the enricher.
#pragma once

#include "schema/page.hpp"
#include "schema/page_fingerprint.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::schema {

inline constexpr std::string_view unseen_mark = "[unseen]";

// A text of a page whose sessions are counted. Equal ones on any page of a tenant are one.
struct page_text {
    enum class kind : std::uint8_t { page, title, section, name };
    kind what = kind::name;
    aria_role role = aria_role::generic;  // of a name; else generic
    std::string_view text;
};
// Under which the sessions of a text are counted, per tenant.
[[nodiscard]] base::sha256_digest text_key(const tenant_id& tenant, const page_text& text);

// Whether a text needs sessions to be shown: not what is empty or a mark of ours (`[content]`).
[[nodiscard]] bool needs_sessions(std::string_view text) noexcept;

// Calls `each(page_text)` for every text of the page that needs sessions: the page's own, then each
// element's section and name. A text that stands there twice is told twice.
template <class Each>
void each_text(const safe_page& page, Each&& each);

// How an answer names an element, and how its asker finds it on its own page: the `ordinal`th, from
// 0, of those with this role, name and section.
struct element_key {
    aria_role role = aria_role::generic;
    std::string name;
    std::string section;
    std::uint32_t ordinal = 0;

    friend bool operator==(const element_key&, const element_key&) = default;
};

struct model_element {
    std::uint32_t parent = 0;  // number of an element before it, from 1; 0: none
    element_key key;           // with the texts that the model sees
    element_state state;
};

class model_page {
  public:
    [[nodiscard]] const std::string& page() const noexcept { return page_; }
    [[nodiscard]] const std::string& title() const noexcept { return title_; }
    // In document order; element i has the number i + 1.
    [[nodiscard]] const std::vector<model_element>& elements() const noexcept { return elements_; }
    // Over what the model sees, states apart: pages with the same one are asked about once.
    [[nodiscard]] const page_fingerprint& fingerprint() const noexcept { return fingerprint_; }

  private:
    template <class Seen>
    friend model_page visible_to_model(const tenant_id& tenant, const safe_page& page, Seen&& seen);
    model_page() = default;

    void set_ordinals();
    void set_fingerprint(const tenant_id& tenant);

    std::string page_;
    std::string title_;
    std::vector<model_element> elements_;
    page_fingerprint fingerprint_;
};

// The keys of a page's elements with all that it holds: what the asker resolves.
[[nodiscard]] std::vector<element_key> keys_of(const safe_page& page);

template <class Each>
void each_text(const safe_page& page, Each&& each) {
    using kind = page_text::kind;
    const auto tell = [&each](kind what, aria_role role, std::string_view text) {
        if (needs_sessions(text)) each(page_text{what, role, text});
    };
    tell(kind::page, aria_role::generic, page.page());
    tell(kind::title, aria_role::generic, page.title());
    for (const auto& element : page.elements()) {
        tell(kind::section, aria_role::generic, element.section);
        tell(kind::name, element.role, element.name);
    }
}

// `seen(page_text)`: whether enough distinct sessions have met it.
template <class Seen>
model_page visible_to_model(const tenant_id& tenant, const safe_page& page, Seen&& seen) {
    static_assert(std::predicate<Seen&, const page_text&>);
    using kind = page_text::kind;
    const auto shown = [&seen](kind what, aria_role role, std::string_view text) {
        const bool show = !needs_sessions(text) || seen(page_text{what, role, text});
        return std::string(show ? text : unseen_mark);
    };
    model_page made;
    made.page_ = shown(kind::page, aria_role::generic, page.page());
    made.title_ = shown(kind::title, aria_role::generic, page.title());
    made.elements_.reserve(page.elements().size());
    for (const auto& from : page.elements()) {
        element_key key{from.role, shown(kind::name, from.role, from.name),
                        shown(kind::section, aria_role::generic, from.section), 0};
        made.elements_.push_back({from.parent, std::move(key), from.state});
    }
    made.set_ordinals();
    made.set_fingerprint(tenant);
    return made;
}

}  // namespace nd::schema
