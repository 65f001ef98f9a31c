#include "schema/page_redactor.hpp"

#include "schema/byte_words.hpp"
#include "schema/redact_path.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace nd::schema {

namespace {

constexpr std::size_t most_at_once = std::size_t{64} << 10;

// Of most texts, with room for the rest.
std::size_t size_of_texts(std::span<const raw_element> elements) {
    std::size_t size = 256;
    for (const auto& one : elements)
        size += one.name.size();
    return std::min(size, most_at_once);
}

}  // namespace

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
    const auto texts = std::make_shared<text_store>(size_of_texts(raw.elements));
    const raw_element* before = nullptr;
    for (std::size_t i = 0; i < nodes->size(); ++i) {
        const auto& node = (*nodes)[i];
        page_element& element = made.elements_[i];
        element.ref = static_cast<std::uint32_t>(i + 1);
        element.parent = node.parent;
        const raw_element& from = raw.elements[node.element];
        redact_element(from, *texts, element);
        // Neighbours stand in the same section most of the time.
        if (before != nullptr && same_text(before->section, from.section))
            element.section = made.elements_[i - 1].section;
        else
            element.section = kept(from.section, *texts);
        before = &from;
    }
    made.texts_ = texts;
    return made;
}

std::string_view page_redactor::kept(std::string_view text, text_store& texts) {
    return is_harmless(text) ? texts.keep(text) : texts.keep(redact_text(text, counts_));
}

void page_redactor::redact_element(const raw_element& from, text_store& texts, page_element& into) {
    const auto role = parse_aria_role(from.role);
    if (!role && !from.role.empty()) ++counts_.unknown_roles;
    into.role = role.value_or(aria_role::generic);
    into.state = from.state;
    if (from.name.empty()) return;
    switch (naming_of(into.role, into.state.level())) {
        case naming::authored: into.name = kept(from.name, texts); break;
        case naming::content:
            into.name = content_mark;
            ++counts_.content_names;
            break;
        case naming::nameless: break;
    }
}

}  // namespace nd::schema
