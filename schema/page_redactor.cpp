#include "schema/page_redactor.hpp"

#include "schema/byte_words.hpp"
#include "schema/redact_path.hpp"

#include <utility>

namespace nd::schema {

boost::system::result<safe_page, problem> page_redactor::redact(const raw_page& raw,
                                                                session_hash session) {
    counts_ = {};
    const auto nodes = tree_.order(raw.elements);
    if (!nodes) return nodes.error();
    safe_page made;
    made.page_ = redact_path(raw.page, counts_);
    made.title_ = redact_text(raw.title, counts_);
    made.captured_at_ = raw.captured_at;
    made.session_ = std::move(session);
    made.elements_.resize(nodes->size());
    for (std::size_t i = 0; i < nodes->size(); ++i) {
        const auto& node = (*nodes)[i];
        page_element& element = made.elements_[i];
        element.ref = static_cast<std::uint32_t>(i + 1);
        element.parent = node.parent;
        const raw_element& from = raw.elements[node.element];
        redact_element(from, element);
        // Neighbours stand in the same section most of the time.
        const raw_element* before = i > 0 ? &raw.elements[(*nodes)[i - 1].element] : nullptr;
        if (before != nullptr && same_text(before->section, from.section))
            element.section = made.elements_[i - 1].section;
        else
            element.section = redact_text(from.section, counts_);
    }
    return made;
}

void page_redactor::redact_element(const raw_element& from, page_element& into) {
    const auto role = parse_aria_role(from.role);
    if (!role && !from.role.empty()) ++counts_.unknown_roles;
    into.role = role.value_or(aria_role::generic);
    into.state = from.state;
    if (from.name.empty()) return;
    switch (naming_of(into.role, into.state.level())) {
        case naming::authored: into.name = redact_text(from.name, counts_); break;
        case naming::content:
            into.name = content_mark;
            ++counts_.content_names;
            break;
        case naming::nameless: break;
    }
}

}  // namespace nd::schema
